import { lab7 } from '../../labs/lab7-at-least-once/lab.ts'
import { proveLab } from '../../src/selfproof/prove-lab.ts'

proveLab(lab7, 'a sample')
