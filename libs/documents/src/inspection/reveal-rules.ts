import type { InjectionRule } from './injection-rule';
import { rule } from './rule';

/** Requests for what a model was told, and for secrets it might hold. */
export const REVEAL_RULES: readonly InjectionRule[] = [
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
];
