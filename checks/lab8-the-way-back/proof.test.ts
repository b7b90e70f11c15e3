import { lab8 } from '../../labs/lab8-the-way-back/lab.ts'
import { proveLab } from '../../src/selfproof/prove-lab.ts'

proveLab(lab8, 'a sample')
