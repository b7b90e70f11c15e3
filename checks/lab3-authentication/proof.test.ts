import { lab3 } from '../../labs/lab3-authentication/lab.ts'
import { proveLab } from '../../src/selfproof/prove-lab.ts'
import { fixes } from './fixes.ts'

proveLab(lab3, fixes)
