import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startTrial } from './test-server.ts'

const HAS_BOTO3 = spawnSync('python3', ['-c', 'import boto3']).status === 0

/** Everything by AWS's own client in Python, its half of SRP by hand: a second reading of what the clients do. */
const SCRIPT = `
import base64, hashlib, hmac, os, sys, boto3
from botocore import UNSIGNED
from botocore.config import Config

endpoint, key, secret, token = sys.argv[1:5]
common = dict(endpoint_url=endpoint, region_name='us-east-1')
admin = boto3.client('cognito-idp', aws_access_key_id=key, aws_secret_access_key=secret,
                     aws_session_token=token or None, **common)
anybody = boto3.client('cognito-idp', config=Config(signature_version=UNSIGNED), **common)

pool = admin.create_user_pool(PoolName='People', AutoVerifiedAttributes=['email'])['UserPool']
client = admin.create_user_pool_client(UserPoolId=pool['Id'], ClientName='Page', ExplicitAuthFlows=[
    'ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'])['UserPoolClient']
anybody.sign_up(ClientId=client['ClientId'], Username='ana', Password='Correct-horse-1',
                UserAttributes=[{'Name': 'email', 'Value': 'ana@example.com'}])
try:
    anybody.confirm_sign_up(ClientId=client['ClientId'], Username='ana', ConfirmationCode='no')
    raise SystemExit('any code does')
except anybody.exceptions.CodeMismatchException as error:
    print(error)
admin.admin_confirm_sign_up(UserPoolId=pool['Id'], Username='ana')

N = int('FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B'
        '302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6'
        '49286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D'
        '670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718'
        '3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7D'
        'B3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C'
        'BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF', 16)
def pad(number):
    return number.to_bytes(number.bit_length() // 8 + 1, 'big')
def number(*parts):
    return int.from_bytes(hashlib.sha256(b''.join(parts)).digest(), 'big')
a = int.from_bytes(os.urandom(128), 'big')
A = pow(2, a, N)
asked = anybody.initiate_auth(ClientId=client['ClientId'], AuthFlow='USER_SRP_AUTH',
                              AuthParameters={'USERNAME': 'ana', 'SRP_A': '%x' % A})['ChallengeParameters']
name = pool['Id'].split('_')[1]
B = int(asked['SRP_B'], 16)
u = number(pad(A), pad(B))
inner = hashlib.sha256((name + asked['USER_ID_FOR_SRP'] + ':Correct-horse-1').encode()).digest()
x = number(pad(int(asked['SALT'], 16)), inner)
S = pow(B - number(pad(N), pad(2)) * pow(2, x, N), a + u * x, N)
prk = hmac.new(pad(u), pad(S), hashlib.sha256).digest()
derived = hmac.new(prk, b'Caldera Derived Key' + bytes([1]), hashlib.sha256).digest()[:16]
when = 'Sat Nov 21 13:25:50 UTC 2026'
block = base64.b64decode(asked['SECRET_BLOCK'])
signature = hmac.new(derived, (name + asked['USER_ID_FOR_SRP']).encode() + block + when.encode(), hashlib.sha256)
result = anybody.respond_to_auth_challenge(ClientId=client['ClientId'], ChallengeName='PASSWORD_VERIFIER', ChallengeResponses={
    'USERNAME': asked['USER_ID_FOR_SRP'], 'TIMESTAMP': when, 'PASSWORD_CLAIM_SECRET_BLOCK': asked['SECRET_BLOCK'],
    'PASSWORD_CLAIM_SIGNATURE': base64.b64encode(signature.digest()).decode()})['AuthenticationResult']
print(anybody.get_user(AccessToken=result['AccessToken'])['Username'])
again = anybody.initiate_auth(ClientId=client['ClientId'], AuthFlow='REFRESH_TOKEN_AUTH',
                              AuthParameters={'REFRESH_TOKEN': result['RefreshToken']})['AuthenticationResult']
print(again['TokenType'], again['ExpiresIn'])
anybody.global_sign_out(AccessToken=again['AccessToken'])
try:
    anybody.get_user(AccessToken=result['AccessToken'])
except anybody.exceptions.NotAuthorizedException as error:
    print(error)
user = [page['Users'] for page in admin.get_paginator('list_users').paginate(UserPoolId=pool['Id'])][0][0]
print(user['Username'], user['UserStatus'], user['UserCreateDate'].year >= 2024)
admin.admin_delete_user(UserPoolId=pool['Id'], Username='ana')
try:
    anybody.get_user(AccessToken=result['AccessToken'])
except anybody.exceptions.ClientError as error:
    print(error.response['Error']['Code'])
`

test.skipIf(!HAS_BOTO3)('boto3 signs up, proves a password, and signs out (needs boto3)', async () => {
  const trial = await startTrial()
  const { accessKeyId, secretAccessKey, sessionToken = '' } = trial.learner
  const python = spawn('python3', ['-c', SCRIPT, trial.endpoint, accessKeyId, secretAccessKey, sessionToken])
  let [said, complained] = ['', '']
  python.stdout.on('data', part => {
    said += part
  })
  python.stderr.on('data', part => {
    complained += part
  })
  await once(python, 'close')
  await trial.stop()
  expect(complained).toBe('')
  expect(said.trim().split('\n')).toEqual([
    'An error occurred (CodeMismatchException) when calling the ConfirmSignUp operation: Invalid verification code provided, please try again.',
    'ana',
    'Bearer 3600',
    'An error occurred (NotAuthorizedException) when calling the GetUser operation: Access Token has been revoked',
    'ana CONFIRMED True',
    'NotAuthorizedException',
  ])
  expect(trial.faults).toEqual([])
})
