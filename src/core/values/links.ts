/**
 * What a phone turns into a link: an address with a scheme, a mail address, an IP address, and any word followed by a
 * dot and letters, because any letters may be a top-level domain. Each word is judged after NFKC and without invisible
 * characters, in linear time. `offset` is a position in the original text.
 */
export function linksIn(text: string): readonly { readonly link: string; readonly offset: number }[] {
  return [...text.matchAll(/[^\s<]+/g)]
    .filter(([word]) => isLink(word.replace(INVISIBLE, '').normalize('NFKC')))
    .map(({ 0: word, index }) => {
      const begin = Math.max(0, word.search(/[\p{L}\p{N}[]/u))
      return { link: word.slice(begin), offset: index + begin }
    })
}

/** Whether a text contains a number that a phone offers to dial: seven digits or more, however they are grouped. */
export function hasPhoneNumber(text: string): boolean {
  return PHONE_NUMBER.test(text.replace(INVISIBLE, '').normalize('NFKC'))
}

function isLink(word: string): boolean {
  return LINKS.some(link => link.test(word)) || endsInCjkDomain(word)
}

/**
 * Between Chinese or Japanese words `。` ends a sentence, so only an existing top-level domain after it makes a link.
 */
function endsInCjkDomain(word: string): boolean {
  return word.split('。').some((label, index) => {
    const [topLevel = ''] = /^[\p{L}\p{M}]+/u.exec(label) ?? []
    return index > 0 && CJK_TOP_LEVEL_DOMAINS.has(topLevel)
  })
}

const LINKS: readonly RegExp[] = [
  /:\/\//,
  /(?<![\p{L}\p{N}])(?:https?|tel|telprompt|callto|sips?|sms|smsto|mms|mmsto|mailto|facetime|facetime-audio|geo|intent|market|itms|skype|whatsapp|upi|webcal|javascript):\S/iu,
  /(?<![\p{L}\p{N}])www[.。]/iu,
  // RFC 3490 §3.1 lists several dots; NFKC turns all but `。` into `.`.
  /(?:[^\s\p{P}]|[-_])\.(?:[\p{L}\p{M}]{2}|xn--)/iu,
  /(?:[^\s\p{P}]|[-_])。(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー])[\p{L}\p{M}]){2}/iu,
  /\d{1,3}(?:[.。]\d{1,3}){3}/,
  /\[[\da-f]{0,4}:[\da-f]{0,4}:/i,
]
const PHONE_NUMBER = /(?:\p{Nd}[\p{Zs}\p{Pd}().+/·]{0,3}){7}/u
const INVISIBLE = /\p{Default_Ignorable_Code_Point}+/gu

/** Source: IANA's root zone, 2026; those in the scripts in which `。` ends a sentence. */
const CJK_TOP_LEVEL_DOMAINS: ReadonlySet<string> = new Set(
  (
    '中国 中國 中文网 中信 世界 企业 佛山 信息 健康 八卦 公司 公益 台湾 台灣 臺灣 商城 商店 商标 嘉里 嘉里大酒店 在线 大拿 大众汽车 天主教 娱乐 家電 ' +
    '广东 微博 慈善 我爱你 手机 招聘 政务 政府 新加坡 新闻 时尚 書籍 机构 淡马锡 游戏 澳門 澳门 点看 移动 组织机构 网址 网店 网站 网络 網絡 網站 联通 ' +
    '谷歌 购物 通販 集团 電訊盈科 电讯盈科 飞利浦 食品 餐厅 香格里拉 香港 亚马逊 诺基亚 工行 珠宝 盛贸饭店 ' +
    'みんな アマゾン クラウド グーグル コム ストア セール ファッション ポイント'
  ).split(' '),
)
