import { IdentitiesController } from './oidc/identities.controller';
import { Identities } from './oidc/identities.service';
import { OidcController } from './oidc/oidc.controller';
import { OidcAccounts } from './oidc/oidc-accounts.service';
import { OidcFlows } from './oidc/oidc-flows';
import { OidcLanding } from './oidc/oidc-landing';
import { OidcProvider } from './oidc/oidc-provider';
import { OidcSignIn } from './oidc/oidc-sign-in.service';
import { Enrolments } from './second-factor/enrolments.service';
import { FactorCheck } from './second-factor/factor-check.service';
import { RecoveryCodes } from './second-factor/recovery-codes.service';
import { SecondFactorLoginController } from './second-factor/second-factor-login.controller';
import { SecondFactorController } from './second-factor/second-factor.controller';
import { SecondFactors } from './second-factor/second-factors.service';
import { SignInChallenges } from './second-factor/sign-in-challenges';
import { SignInCompletion } from './second-factor/sign-in-completion.service';
import { Totp } from './second-factor/totp';
import { SessionConfirmations } from './step-up/session-confirmations';
import { StepUpController } from './step-up/step-up.controller';
import { StepUpService } from './step-up/step-up.service';

/** Everything a person can show beside the password, for `AuthModule`. */
export const FACTOR_PROVIDERS = [
  Totp,
  RecoveryCodes,
  FactorCheck,
  Enrolments,
  SecondFactors,
  SignInChallenges,
  SignInCompletion,
  SessionConfirmations,
  StepUpService,
  OidcFlows,
  OidcProvider,
  Identities,
  OidcAccounts,
  OidcSignIn,
  OidcLanding,
];

export const FACTOR_CONTROLLERS = [
  SecondFactorLoginController,
  SecondFactorController,
  StepUpController,
  OidcController,
  IdentitiesController,
];
