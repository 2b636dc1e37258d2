import type { InjectionRule } from './injection-rule';
import { overriding, phrase } from './phrase';

const rule = (language: string, pattern: RegExp): InjectionRule => ({
  name: 'override-instructions',
  languages: [language],
  pattern,
});

/**
 * Orders to drop what a model was told. One entry a way of saying it in a language. Words may be written with their accents; both sides lose
 * them. What ordinary manuals say (“ignore this message”, “override the rule”) has no word for whose instructions.
 */
export const OVERRIDE_RULES: readonly InjectionRule[] = [
  rule(
    'en',
    overriding({
      verbs:
        "\\b(?:ignor(?:e|ing)|disregard(?:ing)?|forget(?: about)?|overlook|override|bypass|dismiss|neglect|discard|circumvent|erase|do not (?:follow|obey)|don't (?:follow|obey)|stop (?:following|obeying)|pay no attention to)",
      which:
        "\\b(?:all (?:of )?(?:the |your |my |these |those |other )?(?:previous|prior|above|instructions|guidelines|directives|prompts|rules|constraints)|previous(?:ly)?|prior|earlier|preceding|foregoing|initial|original|your (?:own )?(?:instructions|guidelines|rules|programming|training|prompt|directives|system|safety|restrictions)|system|you (?:got|were|have|had|received)|you've|given (?:to )?(?:you|above|before)|that (?:tell|told) you)\\b",
      things:
        '\\b(?:instructions?|prompts?|rules|guidelines|directives?|constraints|commands|orders|directions|programming|training|restrictions)\\b',
    }),
  ),
  rule(
    'en',
    phrase(
      "\\b(?:ignore|disregard|forget|overlook|erase) (?:about )?(?:absolutely )?(?:ever[a-z]{1,8}|all|anything|whatever|what) (?:that )?(?:(?:i|we|they) (?:have )?(?:told|said|taught)|you(?: were|'ve been| have been| had been| have|'ve)? (?:told|instructed|taught|learned|learnt|trained|programmed|read)|(?:said |written |stated )?(?:before|prior to|above)\\b|to your core)",
    ),
  ),
  rule(
    'en',
    phrase(
      '\\b(?:ignore|disregard|forget) (?:all |everything |any )?(?:of )?(?:the )?(?:above|foregoing|(?:earlier|previous|prior) context)(?: text| context| content)?(?:,? (?:and|then|instead)|[.;:]? ?(?:instead|now|new|print|say|output|write|translate)\\b|$)',
    ),
  ),
  rule(
    'en',
    phrase(
      '\\bignore (?:the|this|that|its) [a-z]{3,12} (?:and|,? then) (?:just |only |instead )?(?:state|say|print|output|write|respond|reply|answer)\\b',
    ),
  ),
  rule(
    'en',
    phrase(
      '\\b(?:forget|ignore|disregard|drop)(?: about)? (?:all |any )?(?:of )?(?:the |those |these |your )?(?:rules|restrictions|limits|limitations|guidelines|filters)…(?:tell you what|you (?:were|have been) (?:given|told|taught)|imposed on you|placed on you)',
    ),
  ),
  rule(
    'en',
    phrase(
      '\\b(?:follow|obey) only (?:the|these|my) (?:new )?(?:instructions|commands|rules)|\\b(?:your|the) new (?:instructions|task|role|goal|objective|orders) (?:is|are)(?: now)?(?: to\\b|:)|\\bnew (?:system )?instructions?:|\\bfinal instruction:',
    ),
  ),
  rule(
    'en',
    phrase(
      '\\b(?:disregard|ignore|override|bypass) (?:all |any )?(?:rules|safety (?:rules|guidelines|filters)|content (?:policy|policies|filters)) and (?:output|print|reveal|show|say|write|answer|respond)',
    ),
  ),
  rule(
    'de',
    overriding({
      verbs:
        '\\b(?:ignorier(?:e|en|t)?|missachten?|vergiss|vergesst|vergessen|verwirf|übergehen?|überspringen?|beachte(?:n sie)? nicht|lasse?n?…außer acht)\\b',
      which:
        '\\b(?:vorherigen?|bisherigen?|früheren?|obigen?|obenstehenden|oben genannten|vorangegangenen|vorhergehenden|vorigen|all(?:e|en|er|es)|sämtliche|ursprünglichen?|deine[rn]?)\\b',
      things:
        '\\b(?:anweisung(?:en)?|instruktionen|befehle?|regeln|vorgaben|richtlinien|anordnungen|prompts?|system-?prompts?)\\b',
    }),
  ),
  rule(
    'de',
    phrase(
      '\\b(?:ignoriere?|vergiss|vergessen sie|missachte) (?:alles|das obige|was)\\b(?:,? (?:was (?:ich|dir|ihnen|man|du|sie|vorher|zuvor|oben)|davor|zuvor|bisher)|(?: oben| obige)? und\\b)',
    ),
  ),
  rule(
    'fr',
    overriding({
      verbs:
        '\\b(?:ignore[zr]?|ignorer|oublie[zr]?|néglige[zr]?|outrepasse[zr]?|contourne[zr]?|ne (?:tiens|tenez) (?:pas|plus|aucun) compte|ne (?:suis|suivez) (?:pas|plus)|fais abstraction|faites abstraction)\\b',
      which:
        '\\b(?:précédente?s?|antérieure?s?|préalables?|ci-dessus|initiales?|originales?|toutes|tous|tes|reçues|données|système)\\b',
      things: '\\b(?:instructions?|consignes?|directives?|règles|ordres|prompts?)\\b',
    }),
  ),
  rule(
    'fr',
    phrase(
      "\\b(?:ignore[zr]?|oublie[zr]?) (?:tout ce|ce qui précède|tout ce qui précède)\\b(?: (?:qu'on|que je|que (?:tu|vous|nous)|qui)|,? (?:et|puis))",
    ),
  ),
  rule(
    'es',
    overriding({
      verbs:
        '\\b(?:ignor(?:a|e|en|ar|ad)|olvid(?:a|e|en|ar|ate|ese)|omit(?:e|a|an|ir)|descart(?:a|e|en|ar)|desestim(?:a|e|en|ar)|ha(?:z|ga|gan) caso omiso|no (?:sigas|siga|hagas caso|obedezcas)|pas(?:a|e) por alto)\\b',
      which:
        '\\b(?:anteriores?|previas?|precedentes|de arriba|iniciales|originales|todas?|tod[oa]s|tus|recibidas|dadas|del sistema)\\b',
      things: '\\b(?:instrucci[oó]n(?:es)?|indicaciones|reglas|órdenes|directrices|normas|prompts?)\\b',
    }),
  ),
  rule(
    'es',
    phrase(
      '\\b(?:ignora|olvida|olvídate de|ignore|olvide) (?:todo )?(?:lo (?:anterior|de arriba|que (?:te|se|has|ha))|todo lo que)',
    ),
  ),
  rule(
    'pt',
    overriding({
      verbs:
        '\\b(?:ignor(?:e|a|em|ar)|esque(?:ça|çam|ce|cer)|desconsider(?:e|a|em|ar)|despreze|desrespeite|não (?:siga|sigas|obedeça))\\b',
      which:
        '\\b(?:anteriores?|prévias|precedentes|acima|iniciais|originais|todas?|todos|suas|recebidas|dadas|do sistema)\\b',
      things: '\\b(?:instruções|instrucoes|ordens|regras|diretrizes|diretivas|comandos|orientações|prompts?)\\b',
    }),
  ),
  rule(
    'pt',
    phrase(
      '\\b(?:ignore|ignora|esqueça|esquece|desconsidere) (?:tudo |o )(?:o )?(?:que (?:foi|lhe|te|você|eu)|acima|anterior)(?: foi| disse| e\\b| aprendeu|[.,])?',
    ),
  ),
  rule(
    'it',
    overriding({
      verbs:
        '\\b(?:ignor(?:a|ate|i|are|ino)|dimentic(?:a|ate|hi|are)|trascur(?:a|ate|i|are)|tralasci(?:a|ate|are)|scart(?:a|ate|are)|non (?:seguire|considerare|rispettare))\\b',
      which:
        '\\b(?:precedent[ei]|sopra|sopra riportate|anteriori|inizial[ei]|original[ei]|tutt[ei]|tue|ricevut[ei]|di sistema)\\b',
      things: '\\b(?:istruzion[ei]|indicazioni|regole|direttive|ordini|comandi|prompt)\\b',
    }),
  ),
  rule(
    'it',
    phrase(
      '\\b(?:ignora|dimentica|ignorate|dimenticate) (?:tutto )?(?:quanto sopra|ciò che|quello che ti|tutto ciò|tutto quello)',
    ),
  ),
  rule(
    'nl',
    overriding({
      verbs: '\\b(?:negeer|negeren|vergeet|vergeten|ignoreer|veronachtzaam|sla)\\b',
      which: '\\b(?:vorige|voorgaande|eerdere|bovenstaande|voorafgaande|alle|al je|oorspronkelijke|gegeven)\\b',
      things: '\\b(?:instructies?|opdrachten|regels|richtlijnen|aanwijzingen|bevelen|prompts?)\\b',
    }),
  ),
  rule('nl', phrase('\\b(?:negeer|vergeet) (?:alles|het bovenstaande)(?: (?:wat|hierboven|hiervoor)|,? en\\b)')),
  rule(
    'pl',
    overriding({
      verbs:
        '(?<!\\p{L})(?:zignoruj(?:cie)?|ignoruj(?:cie)?|zapomnij(?:cie)?|pomiń(?:cie)?|odrzuć|zlekceważ|nie (?:przestrzegaj|zwracaj uwagi))(?!\\p{L})',
      which: '(?:poprzedni|wcześniejsz|powyższ|wszystk|wszelki|dotychczasow|pierwotn|początkow|swoj)',
      things: '(?:instrukcj|polece[nń]|zasad|wytyczn|regu[lł]|komend|rozkaz|prompt)',
    }),
  ),
  rule(
    'tr',
    overriding(
      {
        verbs: '(?:yok say|görmezden gel|göz ardı et|unut|dikkate alma|boş ver|önemseme)',
        which: '(?:önceki|yukarıdaki|tüm|bütün|eski|ilk|bundan önce|şimdiye kadar)',
        things: '(?:talimat|komut|kural|yönerge|yönlendirme|direktif|emir)',
      },
      'verb-last',
    ),
  ),
  rule(
    'ru',
    overriding({
      verbs:
        '(?<!\\p{L})(?:игнорируй|игнорируйте|проигнорируй|проигнорируйте|забудь|забудьте|отбрось|отбросьте|пренебреги|не обращай(?:те)? внимания|не следуй(?:те)?)(?!\\p{L})',
      which:
        '(?<!\\p{L})(?:предыдущ|прежн|прошл|вс[её](?!\\p{L})|всех|вышеуказанн|вышеизложенн|ранее|данные тебе|свои|твои|исходн|системн)',
      things: '(?:инструкци|указани|правил|команд|предписани|промпт|распоряжени|установк)',
    }),
  ),
  rule(
    'ru',
    phrase(
      '(?<!\\p{L})(?:забудь|забудьте|игнорируй|игнорируйте) (?:о |про )?вс[её],? (?:что|о чем|о чём|выше|сказанн)',
    ),
  ),
  rule(
    'uk',
    overriding({
      verbs: '(?<!\\p{L})(?:ігноруй|ігноруйте|проігноруй|забудь|забудьте)(?!\\p{L})',
      which: '(?:попередн|усі|всі|вищенаведен|раніше)',
      things: '(?:інструкці|вказівк|правил|команд)',
    }),
  ),
  rule(
    'zh',
    overriding({
      verbs: '忽略|忽视|忽視|无视|無視|忘记|忘掉|忘記|不要理会|不要遵守|不要遵循|抛开|抛弃',
      which: '之前|以前|先前|上面|上述|以上|前面|此前|所有|全部|一切|原来|原先|你的|给你的|告诉你',
      things: '指令|指示|提示|说明|說明|规则|規則|命令|指引|限制|设定|設定',
    }),
  ),
  rule(
    'zh',
    phrase(
      '(?:忽略|忽视|无视|忘记|忘掉)(?:以上|上面|上述|之前|前面|你?被告知)(?:的)?(?:所有|一切|全部)?(?:的)?(?:内容|文字|信息|东西)?[,，并然]{1,2}(?:后|且|而)?(?:说|输出|打印|回答|告诉|回复|给我)',
    ),
  ),
  rule(
    'ja',
    overriding(
      {
        verbs: '無視し|無視せよ|無視する|忘れて|忘れろ|忘れなさい|従わない|従うな',
        which: '以前の|前の|これまで|今まで|上記|上の|すべて|全て|先の|先ほど|元の|与えられた',
        things: '指示|命令|ルール|規則|指令|プロンプト|制約|設定',
      },
      'verb-last',
    ),
  ),
  rule(
    'ja',
    phrase(
      '(?:上記|以上|これまでの(?:内容|会話))(?:の内容)?(?:を|は)(?:すべて|全て)?(?:無視して|忘れて)[、,]?…(?:言って|言い|出力|表示|教え|答え|述べ)',
    ),
  ),
  rule(
    'ko',
    overriding(
      {
        verbs: '무시|잊어|잊으|따르지 ?(?:마|말)',
        which: '이전|앞선|앞의|위의|모든|지금까지|기존|원래|받은',
        things: '지시|명령|지침|규칙|프롬프트|설정',
      },
      'verb-last',
    ),
  ),
  rule(
    'ar',
    overriding({
      verbs: '(?:تجاهل|تجاهلي|تجاهلوا|انس|انسى|أهمل|تخطى|لا تتبع)',
      which: '(?:السابقة|السابقه|أعلاه|جميع|كل|الماضية|المذكورة|الأصلية|من قبل)',
      things: '(?:التعليمات|تعليمات|الأوامر|أوامر|القواعد|التوجيهات|الإرشادات|قواعدك|تعليماتك)',
    }),
  ),
  rule(
    'hi',
    overriding(
      {
        verbs: '(?:अनदेखा|अनदेखी|अनदेखे|नज़?र ?अंदाज़?|उपेक्षा|भूल जा|भुला|ध्यान न दें|पालन न कर)',
        which: '(?:पिछले|पिछली|पहले|उपरोक्त|ऊपर|सभी|सारे|पूर्व|आपको)',
        things: '(?:निर्देश|आदेश|नियम|हिदायत|अनुदेश|निर्देशों)',
      },
      'verb-last',
    ),
  ),
  rule('hi', phrase('(?:सभी|सारे|उन सभी) (?:नियमों|निर्देशों)…भूल')),
  rule(
    'el',
    overriding({
      verbs: '(?:αγνοησ|ξεχασ|παραβλεψ)\\p{L}{0,4}',
      which: '(?:προηγουμεν|παραπανω|ολες|ολα|αρχικ)',
      things: '(?:οδηγι|εντολ|κανον)',
    }),
  ),
  rule(
    'vi',
    overriding({
      verbs: '\\b(?:bỏ qua|quên|phớt lờ|lờ đi)\\b',
      which: '\\b(?:trước|trước đó|ở trên|tất cả|mọi)\\b',
      things: '\\b(?:hướng dẫn|chỉ dẫn|chỉ thị|lệnh|quy tắc)\\b',
    }),
  ),
  rule(
    'id',
    overriding({
      verbs: '\\b(?:abaikan|lupakan|hiraukan)\\b',
      which: '\\b(?:sebelumnya|di atas|semua|terdahulu)\\b',
      things: '\\b(?:instruksi|perintah|aturan|petunjuk|arahan)\\b',
    }),
  ),
  rule(
    'th',
    phrase('(?:เพิกเฉยต่อ|เพิกเฉย|ไม่สนใจ|อย่าไปสนใจ|ละเลย|ลืม|ละเว้น)…(?:คำสั่ง|คำแนะนำ|กฎ|คำชี้แจง)…(?:ก่อนหน้า|ทั้งหมด|ข้างต้น|ก่อน)'),
  ),
];
