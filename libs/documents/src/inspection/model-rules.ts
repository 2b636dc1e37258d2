import type { InjectionRule } from './injection-rule';
import { phrase } from './phrase';

const rule = (name: string, languages: string, source: string): InjectionRule => ({
  name,
  languages: languages.split(' '),
  pattern: phrase(source),
});

const AI =
  '(?:ai|a\\.i\\.|chat ?gpt|chat ?gtp|gpt(?:-?\\d)?|llm|large language model|language model|chat ?bot|ai (?:model|assistant|agent|system))';

/** Signs and sentences that are there for a model, other than orders to drop its instructions. One idea a line. */
export const MODEL_RULES: readonly InjectionRule[] = [
  // What chat templates and prompts are made of (ChatML, Llama 2 and 3, Mistral, Gemma, Alpaca).
  rule(
    'chat-template-token',
    '*',
    '<\\|(?:im_start|im_end|im_sep|system|user|assistant|endoftext|end|eot_id|start_header_id|end_header_id|begin_of_text|endofprompt)\\|>|\\[/?inst\\]|<</?sys>>|<(?:start|end)_of_turn>|\\[(?:system|assistant|user)\\]\\(#',
  ),
  rule(
    'fence-closed',
    '*',
    '</ ?(?:context|passages?|knowledge(?:_?base)?|system|system_?prompt|user_?input|retrieved_\\w{1,12})>',
  ),
  rule(
    'fake-role',
    '*',
    '^#{1,4} ?(?:system|assistant|instruction|new instructions?)(?: prompt| message)?:|^(?:\\[|\\*\\*|<)?system(?: prompt| message| override| mode| update)?(?:\\]|\\*\\*|>)? ?:(?:\\*\\*)? ?(?:you (?:are|must|will|should)|ignore|disregard|override|new instructions|from now on)\\b',
  ),
  rule(
    'fake-role',
    '*',
    '<?(?:now entering )?(?:security|system|safety|law enforcement|admin(?:istrator)?|developer|root) (?:training data )?override(?: mode| code| command| confirmed)?\\b ?[>:!\\]]|\\b(?:entering|enter|enable|activate|engage|switch to|in) (?:the )?(?:[a-z]{2,14} ){0,2}override mode\\b|<(?:system|admin|god|root|debug) mode>',
  ),
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
    'reveal-prompt',
    'en',
    "\\b(?:reveal|repeat|print|show|display|output|dump|leak|disclose|expose|recite|encode|translate|share|copy|return|give me|tell me|send me|write(?: out| down)?|what (?:is|are|was|were)|what's|start with|opposite of)\\b…\\b(?:your|its|the hidden|hidden|everything in the|entire|full|verbatim|initial)\\b…\\b(?:system prompts?|system instructions?|system messages?|initial (?:prompt|instructions|configuration)|original (?:prompt|instructions)|hidden (?:prompts?|instructions|rules)|internal (?:prompt|instructions)|developer (?:message|prompt)|pre-?prompt|instructions verbatim|hidden prompt)\\b",
  ),
  rule(
    'reveal-prompt',
    'en',
    '\\b(?:print|reveal|leak|dump|repeat|recite|output|disclose|expose)\\b (?:me )?(?:out )?(?:all )?(?:of )?(?:the |this |any )?(?:system prompts?|hidden (?:system )?prompts?|initial prompt)\\b',
  ),
  rule(
    'reveal-prompt',
    'en',
    '\\b(?:output|repeat|print|copy|recite) (?:all )?(?:of )?(?:the )?(?:text|words|everything|content|instructions|prompt)(?: written| stated)? (?:above|before this|preceding)\\b|\\bwhat were you told\\b…\\b(?:before|prior|conversation|chat)|\\byour (?:answer|response|reply) with \'?"?my instructions are|<system_?prompt> tags',
  ),
  rule(
    'reveal-prompt',
    'en',
    "\\b(?:display|reveal|print|output|show|list|extract|dump|expose|leak)\\b…\\b(?:(?:confidential|sensitive|private|hidden|secret|internal) (?:data|information|policy text|instructions|prompts?)|(?:every )?other tenant'?s?)\\b…(?:\\bin your (?:context|memory|prompt)|\\bfrom (?:prior|previous|other) (?:interactions|conversations|chats|sessions|users)|\\bnormally hidden|document)",
  ),
  rule(
    'reveal-prompt',
    'en',
    '\\b(?:summari[sz]e|list|repeat|recite|print|output|show|reveal|paraphrase|convert|format|rewrite|rephrase|quote|dump|copy|spell out|write (?:a [a-z]{3,8} about|down|out)) (?:me )?(?:all )?(?:of )?your (?:own |exact |full |complete |initial |original |internal |system |secret |hidden |previous |current ){0,3}(?:instructions|directives|system prompt|configuration|programming)\\b',
  ),
  rule(
    'reveal-prompt',
    'en',
    '\\b(?:what|which) (?:\\w{2,10} )?(?:instructions|rules|guidelines|directives|prompts?) (?:were|have|did|are) you (?:been )?(?:given|told|get|receive|following|operating|bound)|\\bhow (?:were|are) you (?:configured|instructed|prompted|programmed)\\b|\\b(?:instructions|prompt|rules|guidelines) (?:that )?(?:you (?:were|have been) given|(?:were|was) given to you)\\b|\\bstarting (?:with|from) \'?"?you are\\b|\\bcat system_?prompt|\\bsystem_?prompt(?:\\.txt|\\.md)? (?:as|in|to) (?:json|yaml|xml|base64|a code ?block|verbatim)',
  ),
  rule(
    'reveal-prompt',
    'de',
    '\\b(?:zeige?|nenne?|verrate?|wiederhole|gib|geben sie|drucke|drucken sie|offenbare|teile|wie lautet)\\b…(?:system-?prompt|system-?anweisung(?:en)?|system-?nachricht|ursprünglichen? anweisung(?:en)?|initialen? (?:prompt|anweisung))',
  ),
  rule(
    'reveal-prompt',
    'fr',
    "\\b(?:montre|affiche|révèle|répète|donne|écris|imprime|divulgue|quel(?:le)?s? (?:est|sont))[a-z-]{0,8}\\b…(?:prompt (?:système|system|initial)|invite (?:système|du système)|message système|(?:tes|vos) instructions (?:système|initiales|d'origine))",
  ),
  rule(
    'reveal-prompt',
    'es',
    '\\b(?:muestra|muéstrame|revela|repite|imprime|dime|escribe|divulga|cuál(?:es)? (?:es|son))[a-z]{0,4}\\b…(?:prompt (?:del sistema|de sistema|inicial)|(?:tus|sus) instrucciones (?:del sistema|iniciales|originales)|mensaje del sistema|instrucciones del sistema)',
  ),
  rule(
    'reveal-prompt',
    'pt',
    '\\b(?:mostre|revele|repita|imprima|exiba|diga|divulgue|qual (?:é|era)|quais são)\\b…(?:prompt (?:do|de) sistema|prompt inicial|(?:tuas|suas) instruções (?:do sistema|iniciais|originais)|instruções do sistema|mensagem do sistema)',
  ),
  rule(
    'reveal-prompt',
    'it',
    '\\b(?:mostra|mostrami|rivela|ripeti|stampa|dimmi|scrivi|divulga|qual è|quali sono)\\b…(?:prompt (?:di|del) sistema|prompt iniziale|(?:tue|vostre) istruzioni (?:di sistema|iniziali|originali)|istruzioni di sistema|messaggio di sistema)',
  ),
  rule(
    'reveal-prompt',
    'nl',
    '\\b(?:toon|laat|onthul|herhaal|print|geef|schrijf|wat (?:is|zijn))\\b…(?:systeem-?prompt|systeem-?instructies?|systeem-?bericht|(?:je|jouw) (?:oorspronkelijke|initiële|eerste) instructies)',
  ),
  rule(
    'reveal-prompt',
    'pl',
    '(?:pokaż|ujawnij|wypisz|podaj|powtórz|wyświetl|zdradź|wydrukuj|jaki jest|jakie są)…(?:prompt\\p{L}{0,3} systemow|systemow\\p{L}{0,4} (?:prompt|instrukcj|polece)|instrukcj\\p{L}{0,3} systemow|początkow\\p{L}{0,4} (?:prompt|instrukcj))',
  ),
  rule(
    'reveal-prompt',
    'tr',
    '(?:sistem (?:istem|komut|talimat|mesaj|prompt)|başlangıç (?:istem|talimat)|ilk talimat)\\p{L}{0,12}…(?:göster|yazdır|açıkla|paylaş|söyle|tekrarla|ifşa|nedir|ne\\b)',
  ),
  rule(
    'reveal-prompt',
    'ru',
    '(?:покажи|выведи|раскрой|повтори|сообщи|напечатай|назови|напиши|какой у тебя|каков)…(?:системн\\p{L}{0,4} (?:промпт|промт|подсказк|сообщени|инструкци|запрос)|(?:исходн|начальн|первоначальн)\\p{L}{0,4} (?:промпт|инструкци|указани))',
  ),
  rule(
    'reveal-prompt',
    'zh',
    '(?:显示|显現|透露|输出|打印|告诉|泄露|重复|公开|展示|说出|复述)…(?:系统提示|系统指令|系统消息|系統提示|初始指令|初始提示|提示词|隐藏指令|内部指令)',
  ),
  rule(
    'reveal-prompt',
    'ja',
    '(?:システム ?プロンプト|システムメッセージ|初期(?:指示|プロンプト|設定)|内部(?:指示|プロンプト)|隠された指示)…(?:表示|出力|教え|開示|公開|見せ|繰り返|明か)',
  ),
  rule(
    'reveal-prompt',
    'ko',
    '(?:시스템 ?(?:프롬프트|메시지|지시|명령)|초기 ?(?:프롬프트|지시|설정)|숨겨진 지시)…(?:보여|출력|알려|공개|공유|말해|표시|반복)',
  ),
  rule(
    'reveal-prompt',
    'ar',
    '(?:أظهر|اكشف|اعرض|اطبع|كرر|أعطني|أخبرني|ما هي|ما هو)…(?:موجه النظام|تعليمات النظام|رسالة النظام|مطالبة النظام|تعليماتك (?:الأصلية|الأولية|السرية))',
  ),
  rule(
    'reveal-prompt',
    'hi',
    '(?:सिस्टम|प्रणाली|प्रारंभिक|छिपे हुए) (?:प्रॉम्प्ट|निर्देश|संदेश)…(?:दिखा|बता|प्रकट|प्रिंट|उजागर|दोहरा)',
  ),
  rule(
    'reveal-secret',
    'en',
    "\\b(?:what(?:'s| is)|(?:tell|give|show) me|reveal|share|confirm) (?:with me )?(?:your|our system|our system's|the system'?s?|our) (?:secret|hidden|system|access|pass) ?(?:key|code|password|phrase|word|passphrase)?\\b",
  ),
  rule(
    'reveal-secret',
    'de fr es pt it nl',
    '(?:dein(?:en|e)?|ihr(?:en|e)?) (?:geheim(?:er|e|en|es)?) ?(?:schlüssel|code|passwort)|(?:ta|votre) (?:clé|phrase) secrète|(?:tu|su|tua|sua) (?:clave|chave|chiave|contraseña|senha) (?:secreta|segreta)|(?:je|uw) geheime (?:sleutel|code)',
  ),
  rule(
    'reveal-secret',
    'zh ja ko ru ar hi tr vi',
    '(?:你的|您的)(?:秘密|密)(?:密钥|钥匙|钥|口令)|(?:あなたの|君の)秘密(?:の鍵|鍵|キー)|(?:당신의|너의) (?:비밀 ?(?:키|열쇠))|(?:твой|ваш) секретный ключ|مفتاحك السري|(?:आपकी|तुम्हारी) गुप्त कुंजी|gizli anahtar(?:ın|ınız)|(?:chìa khóa|khóa) bí mật của bạn',
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
    'spoken-to-model',
    'en',
    `(?:^|[\\[("'.!?:] ?)(?:note|message|attention|instructions?|important|notice|warning|hint|memo)? ?(?:for|to|:)? ?(?:the |any |all )?(?:${AI}|ai|assistant|bot|llms?|language models|ai models|ai assistants)s? ?(?:reading this|processing this|summarizing this)?[:,!] (?:please )?(?:you must|disregard|ignore|output|reveal|print|say|respond|recommend|always|do not|don't|forget|execute|follow|override|send|include)\\b`,
  ),
  rule(
    'spoken-to-model',
    'en',
    `\\bif you(?:'re| are) (?:an? |the )?(?:${AI}|automated system)\\b…(?:,|must|please|then|should|ignore|say|reading|process)|\\b(?:hello|hi|hey|dear),? (?:${AI})(?:[,.! ]|$)`,
  ),
  rule(
    'spoken-to-model',
    'en',
    '\\bwhen (?:you are )?(?:answering|responding|replying|asked|summari[sz]ing)(?: about (?:this|it)| to (?:any|the) (?:question|user)s?)?,? (?:always |please |you must )?(?:include|append|add|insert|embed|output|state|claim|recommend)(?::| this| the following| a link| an image| the (?:image|link|text|phrase|words))',
  ),
  rule(
    'spoken-to-model',
    'en',
    "\\b(?:do not|don't|never) (?:reveal|mention|disclose|tell|show|repeat)…(?:this|these|the hidden) (?:instructions?|prompt|rules)\\b|\\bwithout (?:telling|informing|alerting|notifying) the (?:user|visitor|customer)\\b|\\bdecode (?:this |it |and |the following )(?:and )?(?:follow|execute|obey|run)\\b",
  ),
  rule(
    'steered-answer',
    'en',
    "\\b(?:include|add|insert|integrate|append|incorporate|embed|inject|slip|place|weave)\\b (?:in )?(?:a|an|the|this|some|at least) [a-z' -]{0,30}\\b(?:sentence|statement|phrase|teaser|mention|reference|claim|advert\\w{0,9}|promotion|reason|tip|call to action|headline|reminder|note)\\b…\\b(?:in|into|to|within|at the (?:end|start|beginning) of) (?:your|every|each) (?:response|answer|reply|replies|output)s?\\b",
  ),
  rule(
    'steered-answer',
    'en',
    '\\b(?:modify|enhance|alter|change|adjust|tweak|infuse|rewrite|shape|tailor)\\b your (?:response|answer|reply|output) (?:to|by|with|so)\\b|\\b(?:in|to|within|throughout) your (?:response|answer|reply),? (?:tease|subtly|promote|advertise|endorse|recommend|encourage|hint|insert)\\b',
  ),
  rule(
    'steered-answer',
    'en',
    '\\b(?:write|reverse|encode|encrypt|cipher|scramble|shift|rearrange|spell|shuffle|remove|apply|replace|jumble|translate)\\b[a-z ]{0,40}\\b(?:of|in|from|to|your) (?:your )?(?:response|reply|answer|output)(?: backwards?| in reverse| by \\d| to form|$|[.,])',
  ),
  rule(
    'steered-answer',
    'en',
    '\\b(?:start|begin|end|finish|preface|prefix) (?:your|all|every|each)(?: of your)? (?:responses?|answers?|repl(?:y|ies)|outputs?|messages?) (?:with|by (?:saying|writing|telling)) ',
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

  rule(
    'steered-answer',
    'en',
    "(?:^|[.!?:;\"'] ?)(?:please |also,? |now |then )?(?:add|include|insert|integrate|append|incorporate|embed|mention|augment|group|scramble|substitute|encode|encrypt|render|end|begin|suggest|recommend|promote)\\b(?! (?:[a-z'-]{1,15} ){0,4}(?:numbers?|screenshots?|photos?|cop(?:y|ies)|pictures?|details|logs?|attachments?|documents?|ids?|names?|address)\\b)[^.!?\\n]{0,80}\\byour (?:response|answer|reply|output)(?:'s (?:words|letters))?\\b(?! (?:form|field|box|e-?mail|letter|envelope|here|below))",
  ),
  rule(
    'steered-answer',
    'en',
    '\\bin your (?:response|answer|reply|output),? (?:also )?(?:suggest|mention|recommend|tell|say|state|claim|tease|promote|advise|urge|link|direct)\\b|\\b(?:provide|give|write) your (?:reply|response|answer) (?:with|in|using) (?:intentional|morse|base64|rot13|reverse|pig latin|leetspeak|an? (?:cipher|monoalphabetic))',
  ),

  // Markdown that carries what the model knows to somebody else's server.
  rule(
    'data-carried-out',
    '*',
    '!?\\[[^\\]\\n]{0,80}\\](?:\\(|: ?)(?:https?:)?//[^\\s)]{1,200}[?&/=](?:[<{\\[$%]{1,2} ?(?:conversation|chat|history|user|prompt|secret|data|message|context|summary|question|email|name|password|token|session)|(?:conversation|chat_?history|system_?prompt|user_?data|secrets?)\\b)',
  ),
  rule(
    'data-carried-out',
    'en',
    "\\b(?:send|post|forward|transmit|upload|exfiltrate|leak|append|encode)\\b…\\b(?:conversation|chat history|chat log|system prompt|user(?:'s)? (?:data|email|password|details)|secrets?|credentials|api keys?|customer data|employee data)\\b…(?:https?://|\\burl\\b|[a-z0-9.]{1,40}@[a-z0-9-]{1,40}\\.)",
  ),
  rule('data-carried-out', '*', '\\]\\((?:javascript|vbscript|data:text/html)'),
  rule('marker-replaced', '*', '\\{ ?inject(?:ed|ion)?_\\w{2,20} ?\\}'),
];
