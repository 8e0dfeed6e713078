import { installPythonTools } from '../support/python-tools.ts';

/** moto stands in for AWS, cfn-lint reads templates, and the last knows the rules for serverless ones. */
const packages = ['moto[server,cloudformation]==5.2.5', 'cfn-lint==1.58.0', 'cfn-lint-serverless==0.3.6'];

/**
 * The folder of the Python programs that check a deployment without an account.
 * @throws Error that says in one sentence what is missing
 */
export function installAwsTools(purpose: string): Promise<string> {
  return installPythonTools(packages, purpose);
}
