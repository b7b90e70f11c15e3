import { lab5 } from '../../labs/lab5-notifications/lab.ts'
import { proveLab } from '../../src/selfproof/prove-lab.ts'

proveLab(lab5, 'a sample')
