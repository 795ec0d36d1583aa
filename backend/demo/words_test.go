package demo

import (
	"strings"
	"testing"
)

func TestWordsStandAlone(t *testing.T) {
	seen := map[string]bool{}
	var bits fault
	for _, w := range Words {
		for _, name := range []string{w.English, w.Chinese} {
			if seen[name] || !strings.HasPrefix(name, "[") || !strings.HasSuffix(name, "]") {
				t.Errorf("%q is there twice, or has no brackets", name)
			}
			seen[name] = true
			rest, f := readWords("a cat " + strings.ToUpper(name) + "  on a mat")
			if rest != "a cat on a mat" || f != w.fault {
				t.Errorf("%s: got %q and %b, want %b", name, rest, f, w.fault)
			}
			if _, f := readWords("a cat 【" + strings.Trim(name, "[]") + "】"); f != w.fault {
				t.Errorf("%s between 【】 is not found", name)
			}
			if _, f := readWords("please " + strings.Trim(name, "[]")); f != 0 {
				t.Errorf("%s fires without brackets", name)
			}
		}
		if w.fault == 0 || bits&w.fault != 0 || w.Effect == "" || w.EffectZH == "" {
			t.Errorf("%s has no fault or no words of its own", w.English)
		}
		bits |= w.fault
	}
}

func TestWordsDoNotFireByAccident(t *testing.T) {
	for _, p := range []string{"a broken, busy street; slow shutter, flaky paint", "[a cat] [1] [slowly]", "[[fail", "fail] [", "慢门 [猫]", "[]"} {
		if rest, f := readWords(p); f != 0 || rest != p {
			t.Errorf("%q: %b, and %q is left", p, f, rest)
		}
	}
	if rest, f := readWords("[slow] [busy] [slow] cat"); rest != "cat" || f != faultSlow|faultBusy {
		t.Errorf("several words: %q %b", rest, f)
	}
}
