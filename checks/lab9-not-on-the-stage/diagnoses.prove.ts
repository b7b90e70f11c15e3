import { lab9 } from '../../labs/lab9-not-on-the-stage/lab.ts'
import { proveDiagnoses } from '../../src/selfproof/prove-diagnoses.ts'

const STACK = 'stack.ts'
const ONE = 'handlers/release-1.ts'
const DEPLOYMENT = 'new CfnDeployment(this, `Deployment${release}`, { apiId: api.ref })'
const WAITS = 'deployment.node.addDependency(routes)'
const ON_LIVE = '      deploymentId: deployments.get(live)!,\n'
const ON_PREVIEW = '      deploymentId: deployments.get(preview)!,\n'
const LIVE = "new CfnStage(this, 'Live', {"
const PREVIEW = "new CfnStage(this, 'Preview', {"
const FUNCTION = 'new NodejsFunction(this, `Release${release}`'
const THROTTLE = '      defaultRouteSettings: throttle,\n'

proveDiagnoses(lab9, [
  {
    title: 'a limit of 0 at the door of preview',
    in: {
      [STACK]: [
        [
          ON_PREVIEW,
          `${ON_PREVIEW}      routeSettings: { $connect: { ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 } },\n`,
        ],
      ],
    },
    at: 'preview-lets-in',
    means: /does not mean that there is no limit/,
    where: PREVIEW,
  },
  {
    title: 'a stage without a deployment',
    in: { [STACK]: [[ON_LIVE, '']] },
    at: 'live-lets-in',
    means: /the stage serves no deployment/,
    where: LIVE,
  },
  {
    title: 'a deployment that waits for one route',
    in: {
      [STACK]: [[WAITS, "deployment.addDependency(routes.node.findChild('Connect') as CfnRoute)"]],
    },
    at: 'live-answers',
    means: /The stage does not know this action/,
    where: DEPLOYMENT,
  },
  {
    title: 'a deployment that waits for the routes and not for their responses',
    in: {
      [STACK]: [
        [
          WAITS,
          'for (const part of routes.node.children) if (part instanceof CfnRoute) deployment.addDependency(part)',
        ],
      ],
    },
    at: 'live-answers',
    means: /nothing hands the answer on/,
    where: DEPLOYMENT,
  },
  {
    title: 'release 2 on both stages from the start',
    in: {
      'cdk.json': [
        ['"live": "1"', '"live": "2"'],
        ['"preview": "1"', '"preview": "2"'],
      ],
    },
    at: 'live-answers',
    means: /nobody has released it there/,
  },
  {
    title: 'a function that the API may not call',
    in: { [STACK]: [["resourceName: '*' }", "resourceName: 'test/*' }"]] },
    at: 'live-answers',
    means: /API Gateway was not allowed to call the function/,
  },
  {
    title: 'a text that comes back trimmed',
    in: { [ONE]: [['JSON.parse(event.body!).text', 'JSON.parse(event.body!).text.trim()']] },
    at: 'live-answers',
    means: /its text has changed: it came back trimmed/,
    where: FUNCTION,
  },
  {
    title: 'an id that an instance remembers',
    in: {
      [ONE]: [
        ['/** Release 1', 'let first: string | undefined\n\n/** Release 1'],
        [
          'return answer({ connectionId, stage })',
          'return answer({ connectionId: (first ??= connectionId), stage })',
        ],
      ],
    },
    at: 'live-answers',
    means: /The id comes from the memory of an instance/,
    where: FUNCTION,
  },
  {
    title: 'no limit',
    in: {
      [STACK]: [
        [THROTTLE, ''],
        [THROTTLE, ''],
        ['    const throttle = { throttlingRateLimit: 20, throttlingBurstLimit: 20 }\n', ''],
      ],
    },
    at: 'the-rate-is-kept',
    means: /Nothing stops a client that sends without end/,
    where: LIVE,
  },
  {
    title: 'a deployment that is made once',
    in: {
      [STACK]: [
        [
          '[...new Set([live, preview])].map(release => {',
          "['', live, preview].slice(0, 1).map(release => {",
        ],
        [ON_LIVE, "      deploymentId: deployments.get('')!,\n"],
        [ON_PREVIEW, "      deploymentId: deployments.get('')!,\n"],
      ],
    },
    at: 'the-second-release-arrives',
    means: /CloudFormation makes a deployment once/,
    where: DEPLOYMENT,
  },
  {
    title: 'a release that cannot be deployed',
    in: { [STACK]: [[ON_PREVIEW, `${ON_PREVIEW}      autoDeploy: true,\n`]] },
    at: 'the-second-release-arrives',
    means: /cannot be deployed as it is/,
    where: PREVIEW,
  },
  {
    title: 'a second release that fails',
    in: { 'handlers/release-2.ts': [["case 'spell':", "case 'spelling':"]] },
    at: 'the-second-release-arrives',
    means: /failed with Error: Release 2 does not know spell/,
    where: FUNCTION,
  },
  {
    title: 'stages that deploy themselves',
    in: {
      [STACK]: [
        [ON_LIVE, '      autoDeploy: true,\n'],
        [ON_PREVIEW, '      autoDeploy: true,\n'],
      ],
    },
    at: 'live-stays-as-it-is',
    means: /live has it too/,
    where: LIVE,
  },
  {
    title: 'a function for the newest release only',
    in: {
      [STACK]: [
        ['Object.keys(RELEASES).map(release => [release, this', '[newest].map(release => [release, this'],
      ],
    },
    at: 'live-stays-as-it-is',
    means: /a function that is not there any more/,
    where: FUNCTION,
  },
])
