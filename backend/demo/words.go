package demo

import (
	"regexp"
	"strings"
)

// Word is something that a prompt may hold to make the demo misbehave. It
// stands in square brackets (or 【】), so that no picture is spoilt by accident,
// and the painter does not see it.
type Word struct {
	English, Chinese string // with brackets, as one types it
	Effect, EffectZH string // what happens, for the README and the key help
	fault            fault
}

// fault is a set of misbehaviours; a ticket holds it, so the bits never move.
type fault uint16

const (
	faultFail fault = 1 << iota
	faultModerated
	faultSlow
	faultStuck
	faultUnpaid
	faultVanish
	faultFlaky
	faultLost
	faultTorn
	faultBusy
)

// Words lists every word.
//
//	[fail]    [失败]  fails half-way, with a reason
//	[refuse]  [违规]  is refused by moderation
//	[slow]    [慢]    takes about 90 seconds
//	[stuck]   [卡住]  never ends
//	[broke]   [欠费]  HTTP 402: the balance does not cover it
//	[vanish]  [消失]  is not known any more after a few seconds
//	[flaky]   [抖动]  every third poll answers 503
//	[lost]    [断线]  is accepted, but the line is cut before the answer: unsure
//	[torn]    [坏图]  the picture comes cut, then as HTML, then whole
//	[busy]    [繁忙]  HTTP 429 with Retry-After, twice, then accepted
var Words = []Word{
	{"[fail]", "[失败]", "fails half-way, with a reason", "中途失败，并说明原因", faultFail},
	{"[refuse]", "[违规]", "is refused by moderation", "被内容审核拒绝", faultModerated},
	{"[slow]", "[慢]", "takes about 90 seconds", "大约需要 90 秒", faultSlow},
	{"[stuck]", "[卡住]", "never ends", "永远不会结束", faultStuck},
	{"[broke]", "[欠费]", "HTTP 402: the balance does not cover it", "HTTP 402：余额不足", faultUnpaid},
	{"[vanish]", "[消失]", "is not known any more after a few seconds", "几秒后任务查不到了", faultVanish},
	{"[flaky]", "[抖动]", "every third poll answers 503", "每三次查询有一次返回 503", faultFlaky},
	{"[lost]", "[断线]", "is accepted, but the line is cut before the answer: unsure", "已被接受，但应答前断线：状态未知", faultLost},
	{"[torn]", "[坏图]", "the picture comes cut, then as HTML, then whole", "图片先是残缺，再是 HTML，最后完整", faultTorn},
	{"[busy]", "[繁忙]", "HTTP 429 with Retry-After, twice, then accepted", "先返回两次 429，之后接受", faultBusy},
}

var bracketed = regexp.MustCompile(`[\[【]\s*([^\[\]【】]{1,24}?)\s*[\]】]`)

// readWords finds the words in a prompt, and gives the rest of it.
func readWords(prompt string) (string, fault) {
	var found fault
	rest := bracketed.ReplaceAllStringFunc(prompt, func(s string) string {
		name := "[" + strings.ToLower(bracketed.FindStringSubmatch(s)[1]) + "]"
		for _, w := range Words {
			if name == w.English || name == w.Chinese {
				found |= w.fault
				return ""
			}
		}
		return s
	})
	if found == 0 {
		return prompt, 0
	}
	return strings.Join(strings.Fields(rest), " "), found
}
