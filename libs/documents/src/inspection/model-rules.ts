import type { InjectionRule } from './injection-rule';
import { AI, rule } from './rule';

/** Signs and sentences that are there for a model: tokens of templates, addresses to it, what it should answer, data it should carry out. */
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
