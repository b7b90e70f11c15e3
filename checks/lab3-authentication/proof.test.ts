import { lab3 } from '../../labs/lab3-authentication/lab.ts'
import { proveLab } from '../../src/selfproof/prove-lab.ts'

proveLab(lab3, 'a sample')
