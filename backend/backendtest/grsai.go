package backendtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"easel/backend"
)

// grsai is POST /v1/api/generate, GET /v1/api/result?id=. The field replyType
// chooses how the answer comes: async (to be polled), json (at once, blocking)
// or stream (unnamed server-sent events of the same object).
//
// Shapes (Plan.Shape): chatty puts comments, event lines and [DONE] into the
// stream; failure_reason is the word of its older answers, beside error.
type grsai struct{}

const (
	grsaiRatios = "auto 1:1 16:9 9:16 4:3 3:4 3:2 2:3 5:4 4:5 21:9"
	grsaiExtra  = "1:4 4:1 1:8 8:1"
	// What gpt-image-2 takes: a ratio of its list, or the pixels beside it.
	grsaiGPT = "auto 1:1 16:9 9:16 4:3 3:4 3:2 2:3 5:4 4:5 21:9 9:21 1:2 2:1 " +
		"1024x1024 1672x941 941x1672 1443x1090 1090x1443 1536x1024 1024x1536 1408x1120 1120x1408 1920x832 832x1920 896x1792 1792x896"
	// What the table of gpt-image-2-vip lists; other pixels are allowed under its rules.
	grsaiVIP = "1024x1024 2048x2048 2880x2880 1280x720 2048x1152 3840x2160 720x1280 1152x2048 2160x3840 " +
		"1152x864 2304x1728 3264x2448 864x1152 1728x2304 2448x3264 1536x1024 2048x1360 3504x2336 " +
		"1024x1536 1360x2048 2336x3504 1120x896 2240x1792 3200x2560 896x1120 1792x2240 2560x3200 " +
		"1456x624 2912x1248 3840x1648 624x1456 1248x2912 1648x3840 688x2048 1280x3840 2048x688 3840x1280 " +
		"1536x768 3072x1536 3840x1920 768x1536 1536x3072 1920x3840"
)

func grsaiNano() []string {
	return strings.Fields("nano-banana nano-banana-fast nano-banana-2 nano-banana-2-cl nano-banana-2-4k-cl " +
		"nano-banana-pro nano-banana-pro-vt nano-banana-pro-cl nano-banana-pro-vip nano-banana-pro-4k-vip")
}

func grsaiRules(model string) rules {
	rs := rules{
		"model":     {kind: aText, need: true, in: append(grsaiNano(), "gpt-image-2", "gpt-image-2-vip")},
		"prompt":    {kind: aText, need: true},
		"images":    {kind: texts},
		"replyType": {kind: aText, in: strings.Fields("json stream async")},
	}
	switch {
	case model == "gpt-image-2":
		return rs.with(rules{"aspectRatio": {kind: aText, in: strings.Fields(grsaiGPT)}})
	case model == "gpt-image-2-vip":
		return rs.with(rules{"aspectRatio": {kind: aText}}) // judged by grsaiPixels
	}
	ratios := strings.Fields(grsaiRatios)
	if strings.HasPrefix(model, "nano-banana-2") {
		ratios = append(ratios, strings.Fields(grsaiExtra)...)
	}
	return rs.with(rules{
		"aspectRatio": {kind: aText, in: ratios},
		"imageSize":   {kind: aText, in: strings.Fields("1K 2K 4K")},
	})
}

// grsaiPixels says why pixels are not allowed for gpt-image-2-vip, "" if they are.
func grsaiPixels(s string) string {
	var w, h int
	if n, err := fmt.Sscanf(s, "%dx%d", &w, &h); n != 2 || err != nil || s != fmt.Sprintf("%dx%d", w, h) || w < 1 || h < 1 {
		return "is no pixel size"
	}
	long, short := max(w, h), min(w, h)
	switch {
	case long > 3840:
		return "has an edge of more than 3840"
	case w%16 != 0 || h%16 != 0:
		return "has an edge that is no multiple of 16"
	case long > 3*short:
		return "is longer than 3:1"
	case w*h < 655_360 || w*h > 8_294_400:
		return "has too few or too many pixels"
	}
	return ""
}

func (grsai) route(method, path string) Step {
	switch method + " " + path {
	case "POST /v1/api/generate":
		return StepSubmit
	case "GET /v1/api/result":
		return StepPoll
	}
	return StepNone
}

func (grsai) judge(s *Sent) {
	if s.Step == StepPoll {
		s.query("id")
		s.Tickets = []string{s.Query.Get("id")}
		if s.Tickets[0] == "" {
			s.illegal("id is required")
		}
		return
	}
	s.query()
	s.json()
	body := object(s)
	s.Model, _ = body["model"].(string)
	grsaiRules(s.Model).judge(s, body)
	if size := s.text("aspectRatio"); s.Model == "gpt-image-2-vip" && size != "" && size != "auto" {
		if why := grsaiPixels(size); why != "" {
			s.illegal(fmt.Sprintf("aspectRatio %q %s", size, why))
		}
	}
	for _, ref := range s.list("images") {
		s.refer(ref, []string{"png", "jpeg", "webp"}, "url", "data", "base64")
	}
	if s.text("replyType") == "stream" && !strings.Contains(s.Header.Get("Accept"), "text/event-stream") {
		s.illegal("a stream is asked for without Accept: text/event-stream")
	}
	s.Count = 1
}

func (p grsai) answer(x *exchange) {
	if x.sent.Step == StepPoll {
		v, ok := x.h.look(x.sent.Tickets[0])
		if !ok {
			x.refuse(http.StatusBadRequest, "task not found")
			return
		}
		x.reply(http.StatusOK, p.task(v))
		return
	}
	t := x.make()
	switch reply := x.sent.text("replyType"); {
	case reply == "stream":
		p.stream(x, t)
	case reply == "async" && !t.Plan.AtOnce:
		x.reply(http.StatusOK, obj{"id": t.ID, "status": "running", "progress": 0})
	default:
		pause(x.r.Context(), t.Plan.Takes)
		v := x.h.end(t.ID)
		if v.Failed() && reply != "async" {
			x.reply(http.StatusBadRequest, p.task(v))
			return
		}
		x.reply(http.StatusOK, p.task(v))
	}
}

// stream tells the task as it goes: Plan.Polls events, then the end.
func (p grsai) stream(x *exchange, t *Task) {
	x.w.Header().Set("Content-Type", "text/event-stream")
	x.w.WriteHeader(http.StatusOK)
	out := http.NewResponseController(x.w)
	out.Flush()
	for n := 1; ; n++ {
		if n > 1 && t.Plan.Gate != nil {
			select {
			case <-t.Plan.Gate:
			case <-x.r.Context().Done():
				return
			}
		}
		if n > 1 && t.Plan.Takes > 0 {
			pause(x.r.Context(), min(t.Plan.Takes/10, time.Second))
		}
		v, ok := x.h.look(t.ID)
		if !ok || x.r.Context().Err() != nil {
			return
		}
		p.event(x, v, n)
		out.Flush()
		if n == t.Plan.BreakAt {
			panic(http.ErrAbortHandler)
		}
		if v.Over {
			return
		}
	}
}

func (p grsai) event(x *exchange, v view, n int) {
	data, err := json.Marshal(p.task(v))
	if err != nil {
		panic(err)
	}
	chatty := v.Plan.Shape == "chatty"
	if chatty {
		fmt.Fprintf(x.w, ": keep-alive %d\n\nevent: message\n", n)
	}
	fmt.Fprintf(x.w, "data: %s\n\n", data)
	if chatty && v.Over {
		fmt.Fprint(x.w, "data: [DONE]\n\n")
	}
}

func (grsai) task(v view) obj {
	out := obj{"id": v.ID, "status": "running", "progress": v.Progress}
	switch {
	case v.Over && v.Plan.Refused:
		out["status"], out["error"] = "violation", v.reason()
	case v.Over && v.Failed():
		out["status"], out["error"] = "failed", v.reason()
		if v.Plan.Shape == "failure_reason" {
			out["failure_reason"] = v.reason()
		}
	case v.Over:
		results := []obj{}
		for _, image := range v.Images {
			results = append(results, obj{"url": image})
		}
		out["status"], out["results"] = "succeeded", results
	case v.Word != "":
		out["status"] = v.Word
	}
	return out
}

// refusal is the 400 of the document: the same object, with an error. It
// documents no other status.
func (grsai) refusal(step Step, status int, s *Sent, why string) any {
	id := ""
	if len(s.Tickets) > 0 {
		id = backend.Clean(s.Tickets[0])
	}
	return obj{"id": id, "status": "failed", "error": why}
}

func (grsai) id(n int) string { return fmt.Sprintf("%d-%s", slices.Max([]int{n % 20, 1}), uuid(n)) }
