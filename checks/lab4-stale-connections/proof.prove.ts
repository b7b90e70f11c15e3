import { lab4 } from '../../labs/lab4-stale-connections/lab.ts'
import { proveLab } from '../../src/selfproof/prove-lab.ts'

proveLab(lab4, 'all fixes')
