import { lab6 } from '../../labs/lab6-graphql-subscriptions/lab.ts'
import { proveLab } from '../../src/selfproof/prove-lab.ts'

proveLab(lab6, 'a sample')
