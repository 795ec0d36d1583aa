package backendtest

import (
	"fmt"
	"net/http"
	"strings"
)

// defapi is POST /api/image/gen and GET /api/task/query?task_id=. Its answers
// have a code, which is 0 when all is well.
//
// Shapes (Plan.Shape): object and text, where the result is not a list of
// objects but one object, or a bare text.
type defapi struct{}

// defapiFamily are models that were seen beside the two of the document.
func defapiFamily() []string {
	return strings.Fields("google/nano-banana google/nano-banana-2 google/nano-banana-pro")
}

func defapiRules(model string) rules {
	rs := rules{
		"model":        {kind: aText, need: true, in: append(defapiFamily(), "google/gempix2", "google/gemini-2.5-flash-image")},
		"prompt":       {kind: aText, need: true},
		"images":       {kind: texts, max: 4},
		"callback_url": {kind: aText},
	}
	if strings.HasPrefix(model, "google/nano-banana") {
		rs["aspect_ratio"] = rule{kind: aText, in: strings.Fields("auto 1:1 16:9 21:9 2:3 3:2 3:4 4:3 4:5 5:4 9:16")}
	}
	if model == "google/nano-banana-2" || model == "google/nano-banana-pro" {
		rs["image_size"] = rule{kind: aText, in: strings.Fields("1k 2k 4k")}
	}
	return rs
}

func (defapi) route(method, path string) Step {
	switch method + " " + path {
	case "POST /api/image/gen":
		return StepSubmit
	case "GET /api/task/query":
		return StepPoll
	}
	return StepNone
}

func (defapi) judge(s *Sent) {
	if s.Step == StepPoll {
		s.query("task_id")
		s.Tickets = []string{s.Query.Get("task_id")}
		if s.Tickets[0] == "" {
			s.illegal("task_id is required")
		}
		return
	}
	s.query()
	s.json()
	body := object(s)
	s.Model, _ = body["model"].(string)
	defapiRules(s.Model).judge(s, body)
	for _, ref := range s.list("images") {
		s.refer(ref, nil, "url")
	}
	if hook := s.text("callback_url"); hook != "" && readRef(hook).Kind != "url" {
		s.illegal(fmt.Sprintf("callback_url %q is no address", hook))
	}
	s.Count = 1
}

func (p defapi) answer(x *exchange) {
	if x.sent.Step == StepPoll {
		v, ok := x.h.look(x.sent.Tickets[0])
		if !ok {
			x.refuse(http.StatusNotFound, "task not found")
			return
		}
		x.reply(http.StatusOK, obj{"code": 0, "message": "ok", "data": p.task(v)})
		return
	}
	t := x.make()
	data := obj{"task_id": t.ID}
	if t.Plan.AtOnce {
		data = p.task(x.h.end(t.ID))
	}
	x.reply(http.StatusOK, obj{"code": 0, "message": "ok", "data": data})
}

// task is the payload of its callback, which its query answers too.
func (defapi) task(v view) obj {
	out := obj{
		"task_id": v.ID, "status": "in_progress", "result": nil, "consumed": "0.000000",
		"status_reason": obj{"message": nil},
	}
	switch {
	case v.Over && v.Failed():
		why := v.reason()
		if v.Plan.Refused {
			why = "output_moderation: " + why
		}
		out["status"], out["status_reason"] = "failed", obj{"message": why}
	case v.Over:
		out["status"], out["consumed"], out["result"] = "success", "0.500000", defapiResult(v)
	case v.Word != "":
		out["status"] = v.Word
	case v.First:
		out["status"] = "pending"
	}
	return out
}

func defapiResult(v view) any {
	switch v.Plan.Shape {
	case "object":
		return obj{"image": v.Images[0]}
	case "text":
		return v.Images[0]
	}
	list := []obj{}
	for _, image := range v.Images {
		list = append(list, obj{"image": image})
	}
	return list
}

func (defapi) refusal(step Step, status int, s *Sent, why string) any {
	switch {
	case status == http.StatusUnauthorized && step == StepPoll:
		return obj{"code": 401, "message": why}
	case status == http.StatusBadRequest:
		return obj{"code": 1, "message": "failed", "detail": why}
	}
	return obj{"code": 1, "message": why}
}

func (defapi) id(n int) string { return "ta" + uuid(n) }
