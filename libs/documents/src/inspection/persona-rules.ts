import type { InjectionRule } from './injection-rule';
import { AI, rule } from './rule';

/** Invitations to be somebody else: another model, one without rules, one in a mode that does not exist. */
export const PERSONA_RULES: readonly InjectionRule[] = [
  rule(
    'fake-mode',
    'en',
    "\\b(?:you are (?:now |currently )?in|you(?:'re| are) entering|i(?:'m| am)(?: now)? entering|enter(?:ing)?) (?:a |an |the )?['\"]?(?:maintenance|debug|developer|dev|admin(?:istrator)?|god|root|unrestricted|jailbreak|dan|sudo|test(?:ing)?|diagnostic|override) mode\\b",
  ),
  rule(
    'fake-mode',
    'en',
    `\\b(?:dan|developer|jailbreak|god|stan|dude|unrestricted) mode (?:enabled|activated|on\\b|output)…(?:${AI}|respon|answer|output|knowledge)|\\bwith (?:dan|developer) mode enabled`,
  ),
  rule(
    'fake-persona',
    'en',
    `\\byou(?:'re| are|r role is| will)? (?:now |about to |going to |to |should )*(?:immerse yourself|pretend|act as|act like|role-?play|simulate|emulate|impersonate|personify|play the role|behave as)\\b…\\b(?:${AI}|dan\\b|unfiltered|uncensored|amoral|no restrictions|evil|rogue|opposite|virtual machine|character)`,
  ),
  rule(
    'fake-persona',
    'en',
    `\\bfrom (?:now|this point) on(?:wards?)?,? (?:i want you|you(?:'re| are| will| must| should| shall| have| to)*|answer|respond|reply)(?: are| to| going| now| only| always| have| will| be)* (?:act|behave|respond|answer|reply|pretend|role-?play|obey|simulate|speak|refer|ignore|known|called|be (?:an? )?(?:${AI}))\\b`,
  ),
  rule(
    'fake-persona',
    'en',
    `\\bpretend (?:to be|you are|you're|that you are|being) (?:an? )?(?:[a-z-]{2,14} ){0,3}(?:${AI}|dan)\\b|\\b(?:act|behave|respond|answer) (?:as|like) (?:an? )?(?:[a-z-]{2,14},? ){0,3}(?:unfiltered|uncensored|unrestricted|amoral|jailbroken|evil|dan\\b|developer mode)`,
  ),
  rule(
    'fake-persona',
    'en',
    '\\b(?:do|does|did|can|make|doing) anything now\\b|\\bbroken free (?:of|from) (?:the )?(?:typical |usual )?(?:confines|constraints|restrictions|chains|limits)|\\bnot (?:have to )?(?:abide|be bound) (?:by|to) (?:the |any )?(?:rules|restrictions)|\\bnot bound by (?:any |the )?(?:rules|restrictions|limitations|laws|guidelines|openai|ethic)',
  ),
  rule(
    'fake-persona',
    'en',
    "\\b(?:no|not? (?:have|has|follow|adhere to)(?: any)?|without(?: any)?|lacks?(?: any)?|devoid of(?: any)?|free (?:of|from)(?: any)?|(?:does|do)(?: not|n't) (?:have|follow|adhere to|care about)(?: any)?|ignor(?:es?|ing)|regardless of|never cares? about|regards? for) (?:any )?(?:of )?(?:the )?(?:its )?(?:ethic\\w{0,6}|moral\\w{0,5}|legal\\w{0,4})(?:(?:,| or| and|/|, or|, and) ?(?:ethic\\w{0,6}|moral\\w{0,5}|legal\\w{0,4}|law\\w{0,6}|danger\\w{0,4}|immoral\\w{0,3})| guidelines| restrictions| constraints| boundaries| limits| standards| principles){1,3}",
  ),
  rule(
    'fake-persona',
    'en',
    `\\b(?:un(?:filtered|censored|restricted)|amoral|jailbroken|immoral)(?:,? (?:and )?(?:un|a|im|il)[a-z]{4,12}){0,3} (?:${AI}|bot\\b|assistant\\b|model\\b|response|answer|version|persona|character)`,
  ),
  rule(
    'fake-persona',
    'en',
    "\\b(?:never|cannot|can't|not allowed to|must not|do not|don't|won't|not) (?:ever )?(?:(?:refuse|decline|reject|censor)s? (?:to answer|an answer|a request|any(?:thing)? (?:i|the user)|the (?:user|prompt|request)|my (?:request|order|prompt|question)s?|responses?|user)|break(?:s|ing)? (?:out of )?character)|\\balways stays? in character\\b|\\bnever refuses?\\b",
  ),
  rule(
    'fake-persona',
    'en',
    "\\b(?:never|without(?: any)?|no|not?|don't|doesn't|delete all|omit|remove) (?:send |give |include |add |provide |use |issue )?(?:any )?(?:ethical |moral |legal |unnecessary |additional )?(?:warnings?|disclaimers?|disclamers?|moralizing|lectur\\w{1,4})(?:(?:,|/| or| and) ?(?:additional |extra )?(?:warnings?|disclaimers?|disclamers?|notes|commentary|apologies|ethic|moral)|…(?:request|response|answer|illegal|unethical|user))",
  ),
  rule(
    'fake-persona',
    'de fr es pt it',
    '\\b(?:du wirst (?:vorgeben|so tun)|du bist (?:jetzt|ab jetzt|nun)|tu es (?:maintenant|désormais)|tu vas (?:faire semblant|te comporter|agir comme)|(?:ahora|a partir de ahora) (?:eres|vas a (?:actuar|ser))|vas a (?:actuar como|fingir|sumergirte)|você (?:agora é|vai (?:fingir|agir|imergir))|a partir de agora,? você|(?:ora|da ora in poi) sei|(?:stai per|fingi di) )…\\b(?:dan\\b|ki\\b|ia\\b|chatbot|modell?[eo]?\\b|modele|assistent|asistente|assistant|unzensiert|sans (?:restriction|filtre)|sin (?:restricciones|filtros)|sem (?:restrições|filtros)|senza (?:restrizioni|filtri))',
  ),
  rule(
    'fake-persona',
    'zh ja ko ru tr hi ar',
    '(?:你现在是|你将扮演|你即将|从现在开始[,，]?你|假装你是|假裝你是)…(?:dan|人工智能|不受|没有限制|模型)|(?:あなたは(?:今|これから)|今から)…(?:dan|制限のない|制限なし|aiモデル|人工知能)|(?:지금부터|이제부터) (?:너는|당신은)…(?:dan|제한|ai|모델)|(?:теперь ты|отныне ты|ты сейчас|притворись)…(?:dan|без ограничени|модел|искусственн|нейросет)|(?:artık sen|bundan sonra sen|şu andan itibaren)…(?:dan\\b|yapay zeka|sınırsız|model)|(?:अब से आप|आप अब|आप अपने आप को)…(?:dan|एआई|मॉडल|प्रतिबंध)|(?:أنت الآن|من الآن فصاعدا)…(?:dan|نموذج|ذكاء|بدون قيود)',
  ),
  rule(
    'fake-persona',
    'en',
    `\\byou(?:'re| are) now (?:called |named |in the role of )?(?:an? |the )?(?:[a-z0-9'-]{2,20},? ){0,4}(?:${AI}|bot\\b|robot|supercomputer|persona|character|dan\\b|[a-z]{2,10}gpt\\b|[a-z]{2,10}ai\\b)`,
  ),
  rule(
    'fake-persona',
    'en',
    '\\b(?:assume|take (?:on|up)|embody|adopt) the (?:persona|identity|role) of (?:an? )?[a-z0-9 -]{2,30}\\b(?:,? (?:who|and) (?:disregards?|ignores?|is not|will not)|rogue|evil|hacker|accessing|unfiltered|amoral|stands for)|\\bdisregard(?:s|ing)? (?:all )?(?:the )?(?:laws|ethics|morals|legality)|\\b(?:has|have|with|are|is|sans) (?:absolutely )?(?:no|without|zero) (?:rules|restrictions|limits|morals|ethics|filters?)(?:,| or| and|/) ?(?:rules|restrictions|limits|limitations|morals?|ethics|laws|boundaries|filters?|will)|\\bnot (?:restrained|limited|restricted|constrained) by (?:any )?(?:morals|ethic|laws|openai|rules)',
  ),
  rule(
    'fake-persona',
    'en',
    `\\b(?:forget|deny|ignore) that you(?:'re| are) (?:an? )?(?:${AI})|\\b(?:openai|chatgpt)(?:'s)? (?:content )?(?:polic(?:y|ies)|tos|guidelines|rules|restrictions)\\b`,
  ),
  rule(
    'fake-persona',
    'en',
    '\\b(?:answer|respond to|reply to) (?:all |every |each |my |any )?(?:of )?(?:my )?(?:questions?|prompts?|messages?|requests?)…\\b(?:in )?two (?:different |separate |distinct )?(?:ways|styles|responses|modes|paragraphs)\\b|\\b(?:debug(?:ging)?|developer|admin|benchmarking)[ _-]{0,2}mode ?(?:: ?)?(?:enabled|activated|on)\\b…(?:openai|respond|repl|answer|prompt)',
  ),
];
