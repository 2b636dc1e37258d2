import { createHash } from 'node:crypto';

/** 48 bits: one random secret in a trillion is refused for nothing. */
const FINGERPRINT_CHARS = 8;

/**
 * Fingerprints of keys that were once random and are now in everybody's word list (https://github.com/wallarm/jwt-secrets:
 * copied from tutorials, answers and repositories). Only those that no other rule tells from a fresh one; the keys
 * themselves can not be read from here. A word list knows what was published, never what was merely lost.
 */
const FINGERPRINTS = new Set(
  `
  -PKiy5P8 -QW2NvCu -idn89hg -s1u8aQu -z4vrtF3 0BQAe_kM 0HGPTl_T 0VumEzsQ 0fgT881m 0v0cy39r 1dJqPwwY 2Kl5vtU6
  2NPMhLZc 2bjOkrGm 38v3YOi6 3nDBgYU_ 3w6dHTqW 40Wa-ogK 47LFKL2m 4gCkuEiG 4giNxEMi 4nX1x3II 4os-c5Lx 5gSJ68PG
  615CoX1D 6MKnVCPi 6cqJyuHU 6nrp7G2J 6u-FYIKB 7I2Zru8p 7TSQbFwa 7dlfJAjn 7oS1Y9va 847BDsMA 8FsQTuyI 8RwoNzym
  8ZnUhTIz 8jKGx4dh 9EeDyrPw 9MEK4eJL A1xVn-zt B5k9wWrE BMuiG-ZI BQCkVmto BQnpHu2j BnHmzD02 BqMW3WkX BtXv68UM
  BuxdzfQ8 CGz-f1Np CeGbvtwD Co9LKUNP CsMRorSu DHOXPAth Djxb15Jd DsphjOhA DtgQf1VE EEh7NUZT ELe6EESO FyOMrT4B
  G1zbTvgo G5cSCSC8 GGsIyjAQ GXHQ1cZh GyS6GMTq H5SLNnUn H7B_j7tJ Ho9LPwd- HsNmh4oI IV3Zq5Jy IVS0GmxY IY2jAOtk
  ImEphQRo It8ReMUc J2RU77bG JOQRWTwd JgeeOzTX KjOUKtK8 LIVLqeR6 LLCpHkts LW_GviE1 MVX9dgN- MfwEIZzq MnnoG_U9
  N4vjZULv Nabraheq O12cepLx O3KfZiYQ OOPRUMmc OZeGEoiN PO4wTVrd PR0n8TUy PSmoppMx Q_ukbHzN R72KhOsO RftI0haq
  RlCBj_x0 Ryu6h3CY SYtXYeax SjzpoUCf SuDqZvJP Su_ZrQ69 TheKvy25 Tolz2NeN UKAg9fDg V1z4VkXX VGgmDumi VjEf2MFe
  W-5AuV3N WaYTwoTj WyEHgSog Xcz8Li3L Y-FnakVX YHblY9P4 ZE1Qq2SG ZuoZj4vX ZwzpvmsC _BXUABMs _eZ3mpmG aAfcnccA
  aaxydtvd af2ADAXv azcH45fy b8hzV9wF bTIcrCfK bjzJZy38 cT2xkQrH c__qb-LL cuk_FAs- dkmwFa-H eBFENYLW eJ30EKit
  eNbVo30m fQFY8S26 fynWDUiw g9J1RTHH gKGurdOB grj5jkk0 hHCOAF-Q hKCrSgxS hgJsOyjr hue2ebMY hwxyr42h jIY_Whay
  jQTZmCx5 jT6y5rFF jYr03FLE lOHTNj7E m9nHk3vl nzXNjKHS oCdXSAbr p5G6B3NY pEjk91yP pGILaSor pXS5d1cK q0XtIMl-
  qHqbPIwP qaz1VaF7 qrWN1uRp riAmdztR sk2UYWg5 sqeJNLHZ sxArmCgP tApIkiBs tSlhDoZO tbXdqO6r uA68k9pN uLrsmGu_
  ucpMV90I uqGiCbpK urTDCcux vJo0kOJa vnZlDKUJ wFPwi0kc wn4S4OSo x75-o16Z x9h0oX3Z xKJ-Qsos xLV03_aU xd-m9HMi
  yBA1Lz1X yRG1SM5M yW7Dzv2k yjzkIp30 zRPyzpOe z_-wqa69 zer5N4Ez
`
    .trim()
    .split(/\s+/),
);

/** Whether these very bytes were published as somebody's secret, however they are written. */
export const isKnownSecret = (bytes: Buffer): boolean =>
  FINGERPRINTS.has(createHash('sha256').update(bytes).digest('base64url').slice(0, FINGERPRINT_CHARS));
