import { randomBytes } from 'node:crypto'
import { hookRequest, newOrg } from '../simulators/okta/hook-request.ts'

/**
 * Bodies as Okta's stand-in writes them, one after the other: a text in English to a number of the United
 * States. Event, code, user and number are new in each, so that no limit and no detection of duplicates cuts the way short.
 */
export function oktaRequests(): () => string {
  const org = newOrg('https://example.okta.com')
  let count = 0
  return () => {
    count += 1
    const user = { userId: `00u${token(17)}`, login: `${token(12)}@example.com` }
    const order = { to: fictionalNumber(count), locale: 'en_US', user }
    return JSON.stringify(hookRequest(order, org, new Date()))
  }
}

/** 555-0100 to 555-0199 are reserved for fiction in each area: 21,000 numbers, then the first again. */
function fictionalNumber(count: number): string {
  const area = AREAS[Math.floor(count / 100) % AREAS.length]
  return `+1${area}55501${String(count % 100).padStart(2, '0')}`
}

function token(length: number): string {
  return randomBytes(length).toString('hex').slice(0, length)
}

const AREAS = `
  201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 220 224 225 228 229 231 234 239 240 248 251
  252 253 254 256 260 262 267 269 270 272 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318
  319 320 321 323 325 330 331 334 336 337 339 346 347 351 352 360 361 386 401 402 404 405 406 407 408 409 410 412
  413 414 415 417 419 423 424 425 430 432 434 435 440 443 458 469 470 475 478 479 480 484 501 502 503 504 505 507
  508 509 510 512 513 515 516 517 518 520 530 540 541 551 559 561 562 563 567 570 571 573 574 575 580 585 586 601
  602 603 605 606 607 608 609 610 612 614 615 616 617 618 619 620 623 626 630 631 636 641 646 650 651 660 661 662
  667 669 678 681 682 701 702 703 704 706 707 708 712 713 714 715 716 717 718 719 720 724 727 731 732 734 737 740
  754 757 760 763 765 769 770 772 773 774 775 779 781 785 786`
  .trim()
  .split(/\s+/)
