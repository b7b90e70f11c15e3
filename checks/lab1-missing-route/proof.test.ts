import { lab1 } from '../../labs/lab1-missing-route/lab.ts'
import { proveLab } from '../../src/selfproof/prove-lab.ts'

proveLab(lab1, 'a sample')
