import { lab10 } from '../../labs/lab10-the-answer-nobody-hears/lab.ts'
import { proveLab } from '../../src/selfproof/prove-lab.ts'

proveLab(lab10, 'a sample')
