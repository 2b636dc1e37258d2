import { EmailField, TextField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';

import { MAX_PASSWORD_FIELD_CHARACTERS } from '../auth.dto';
import { type RefreshTokenIn, RefreshTokenInField } from '../tokens/token-delivery.interceptor';

/** Longer than any token, so that a token of another kind is answered as a link that is not good. */
const MAX_LINK_TOKEN_CHARACTERS = 2048;

export const LinkTokenField = (): PropertyDecorator =>
  TextField({ max: MAX_LINK_TOKEN_CHARACTERS, description: 'What stands behind the # of the mailed link' });

export class RequestPasswordResetDto {
  @EmailField()
  email: string;
}

export class ResetPasswordDto {
  @LinkTokenField()
  token: string;

  @TextField({ max: MAX_PASSWORD_FIELD_CHARACTERS, description: '12 to 128 characters' })
  password: string;
}

export class ChangePasswordDto {
  @TextField({ max: MAX_PASSWORD_FIELD_CHARACTERS })
  currentPassword: string;

  @TextField({ max: MAX_PASSWORD_FIELD_CHARACTERS, description: '12 to 128 characters' })
  newPassword: string;

  @RefreshTokenInField()
  refreshTokenIn?: RefreshTokenIn;
}

/** The same whether or not there is such an account. */
export class MailPromisedView {
  @ApiProperty({ maxLength: 200 })
  message: string;
}

export const MAIL_PROMISED: MailPromisedView = {
  message: 'If the address can be used for this, a mail is on its way.',
};
