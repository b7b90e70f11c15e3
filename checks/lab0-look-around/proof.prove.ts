import { lab0 } from '../../labs/lab0-look-around/lab.ts'
import { proveLab } from '../../src/selfproof/prove-lab.ts'

proveLab(lab0, 'all fixes')
