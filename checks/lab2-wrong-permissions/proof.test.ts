import { lab2 } from '../../labs/lab2-wrong-permissions/lab.ts'
import { proveLab } from '../../src/selfproof/prove-lab.ts'

proveLab(lab2, 'a sample')
