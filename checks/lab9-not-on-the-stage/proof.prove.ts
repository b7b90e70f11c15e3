import { lab9 } from '../../labs/lab9-not-on-the-stage/lab.ts'
import { proveLab } from '../../src/selfproof/prove-lab.ts'

proveLab(lab9, 'all fixes')
