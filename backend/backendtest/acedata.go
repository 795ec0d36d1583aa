package backendtest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// acedata is POST /nano-banana/images and POST /nano-banana/tasks with the
// actions retrieve and retrieve_batch. Its tasks have no status word: how one
// stands is inferred from what its response holds.
//
// Shapes (Plan.Shape) of a task that runs: null (response is null, the default),
// missing, no-data (an object without data), hiccup (success false with a bare
// string and no finished_at: it passes). A failure
// has a structured error, or, with bare, a string and finished_at.
type acedata struct{}

func acedataModels() []string {
	var out []string
	for _, m := range strings.Fields("nano-banana nano-banana-2-lite nano-banana-2 nano-banana-pro") {
		out = append(out, m, m+":official")
	}
	return out
}

func acedataRules(model string) rules {
	tiers := "1K 2K 4K"
	if m := strings.TrimSuffix(model, ":official"); m == "nano-banana" || m == "nano-banana-2-lite" {
		tiers = "1K"
	}
	return rules{
		"action":       {kind: aText, need: true, in: strings.Fields("generate edit")},
		"prompt":       {kind: aText, need: true},
		"model":        {kind: aText, need: true, in: acedataModels()},
		"image_urls":   {kind: texts, min: 1},
		"count":        {kind: aNumber, min: 1, max: 4},
		"aspect_ratio": {kind: aText, in: strings.Fields("1:1 3:2 2:3 16:9 9:16 4:3 3:4")},
		"resolution":   {kind: aText, in: strings.Fields(tiers)},
		"async":        {kind: aTruth},
		"callback_url": {kind: aText},
	}
}

func (acedata) route(method, path string) Step {
	switch method + " " + path {
	case "POST /nano-banana/images":
		return StepSubmit
	case "POST /nano-banana/tasks":
		return StepPoll
	}
	return StepNone
}

func (p acedata) judge(s *Sent) {
	s.query()
	s.json()
	body := object(s)
	if s.Step == StepPoll {
		p.judgePoll(s, body)
		return
	}
	s.Model, _ = body["model"].(string)
	acedataRules(s.Model).judge(s, body)
	for _, ref := range s.list("image_urls") {
		s.refer(ref, nil, "url", "data")
	}
	for _, ref := range s.References {
		if base64.StdEncoding.EncodedLen(len(ref.Bytes)) > 10<<20 {
			s.illegal("a data URI of more than 10 MB")
		}
	}
	if action := s.text("action"); (action == "edit") != (len(s.References) > 0) {
		s.illegal(fmt.Sprintf("action %s with %d references", action, len(s.References)))
	}
	s.Count = s.number("count", 1)
}

func (acedata) judgePoll(s *Sent, body map[string]any) {
	if _, byTime := body["type"]; byTime {
		const far = 1 << 40
		rules{
			"action":         {kind: aText, need: true, in: []string{"retrieve_batch"}},
			"type":           {kind: aText, need: true, in: []string{"images"}},
			"limit":          {kind: aNumber, min: 1, max: 1000},
			"offset":         {kind: aNumber, max: far},
			"created_at_min": {kind: aNumber, max: far},
			"created_at_max": {kind: aNumber, max: far},
		}.judge(s, body)
		return
	}
	if body["action"] == "retrieve_batch" {
		rules{
			"action": {kind: aText, need: true, in: []string{"retrieve_batch"}},
			"ids":    {kind: texts, need: true, min: 1},
		}.judge(s, body)
		s.Tickets, s.Batch = s.list("ids"), true
		return
	}
	rules{
		"action": {kind: aText, need: true, in: []string{"retrieve"}},
		"id":     {kind: aText, need: true},
	}.judge(s, body)
	s.Tickets = []string{s.text("id")}
}

func (p acedata) answer(x *exchange) {
	switch {
	case x.sent.Step == StepSubmit:
		p.submit(x)
	case x.sent.text("type") != "":
		p.list(x)
	case x.sent.Batch:
		items := []obj{}
		for _, id := range slices.Backward(x.sent.Tickets) { // any order: never that of the question
			if v, ok := x.h.look(id); ok {
				items = append(items, p.task(v))
			}
		}
		x.reply(http.StatusOK, obj{"items": items, "count": len(items)})
	default:
		v, ok := x.h.look(x.sent.Tickets[0])
		if !ok {
			x.reply(http.StatusOK, obj{}) // what it says of an id that it does not know
			return
		}
		x.reply(http.StatusOK, p.task(v))
	}
}

// list answers with the tasks of a time, newest first.
func (p acedata) list(x *exchange) {
	from, to := x.sent.number("created_at_min", 0), x.sent.number("created_at_max", 1<<40)
	items := []obj{}
	for _, t := range slices.Backward(x.h.Tasks()) {
		if at := int(t.Started.Unix()); at >= from && at <= to {
			items = append(items, obj{
				"id": t.ID, "created_at": at, "trace_id": "trace-" + t.ID, "response": nil,
				"request": obj{"prompt": t.Sent.text("prompt"), "model": t.Sent.Model},
			})
		}
	}
	from = min(x.sent.number("offset", 0), len(items))
	to = min(from+x.sent.number("limit", 20), len(items))
	x.reply(http.StatusOK, obj{"items": items[from:to], "count": len(items)})
}

func (p acedata) submit(x *exchange) {
	t := x.make()
	now, _ := x.sent.Fields["async"].(bool)
	if (now || x.sent.text("callback_url") != "") && !t.Plan.AtOnce {
		x.reply(http.StatusOK, obj{"task_id": t.ID, "trace_id": "trace-" + t.ID})
		return
	}
	pause(x.r.Context(), t.Plan.Takes)
	v := x.h.end(t.ID)
	out := p.response(v)
	status := http.StatusOK
	switch {
	case v.Plan.Refused:
		status = http.StatusForbidden
	case v.Failed():
		status = http.StatusInternalServerError
	}
	x.reply(status, out)
}

// task is the answer to retrieve, and an item of retrieve_batch.
func (p acedata) task(v view) obj {
	out := obj{"_id": "68bc7c3c550a4144a53d0e24", "id": v.ID}
	switch {
	case v.Over && v.Failed() && v.Plan.Shape == "bare":
		out["response"], out["finished_at"] = p.response(v), v.Started.Unix()+20
	case v.Over:
		out["response"] = p.response(v)
	case v.Plan.Shape == "missing":
	case v.Plan.Shape == "no-data":
		out["response"] = obj{"success": true, "task_id": v.ID}
	case v.Plan.Shape == "hiccup":
		out["response"] = obj{"success": false, "error": "fetch failed"}
	default:
		out["response"] = nil
	}
	return out
}

// response is the answer of a call that blocks, and the response of a task that
// is over.
func (acedata) response(v view) obj {
	out := obj{"success": !v.Failed(), "task_id": v.ID, "trace_id": "trace-" + v.ID}
	switch {
	case v.Failed() && v.Plan.Shape == "bare":
		out["error"] = v.reason()
	case v.Plan.Refused:
		out["error"] = obj{"code": "output_moderation", "message": v.reason()}
	case v.Failed():
		out["error"] = obj{"code": "api_error", "message": v.reason()}
	default:
		data := []obj{}
		for _, image := range v.Images {
			data = append(data, obj{"prompt": v.Sent.text("prompt"), "image_url": image})
		}
		out["data"] = data
	}
	return out
}

func (acedata) refusal(step Step, status int, s *Sent, why string) any {
	code := "bad_request"
	switch {
	case status == http.StatusUnauthorized:
		code = "invalid_token"
	case status == http.StatusPaymentRequired, status == http.StatusForbidden:
		code = "used_up"
	case status == http.StatusTooManyRequests:
		code = "too_many_requests"
	case status >= 500:
		code = "api_error"
	}
	return obj{"success": false, "error": obj{"code": code, "message": why}, "trace_id": "trace-refused"}
}

func (acedata) id(n int) string { return uuid(n) }
