package backendtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// haoee is 好易智算: POST /v1/images/generations?async=true (or, with files, the
// same of /v1/images/edits), GET /v1/images/tasks/{id}, and the model in the
// header ModelName of both.
//
// Shapes of its submit answer (Plan.Shape): task_id (the default), data, id,
// data.task_id, data.0.task_id, and sync: the plain answer of a gateway that
// knows no async, with no id. Shapes of its poll answer: data.data (a list one
// level higher) and result_url.
type haoee struct{}

func haoeeModels() []string {
	return []string{
		"nano-banana-2", "nano-banana", "gpt-image-2", "flux-kontext-pro", "flux-kontext-max",
		"qwen-image", "qwen-image-edit", "qwen-image-edit-2509", "recraftv3",
	}
}

func haoeeRules(model string) rules {
	rs := rules{
		"model":           {kind: aText, need: true, in: haoeeModels()},
		"prompt":          {kind: aText, need: true},
		"aspect_ratio":    {kind: aText, in: strings.Fields("1:1 2:3 3:2 3:4 4:3 4:5 5:4 9:16 16:9 21:9")},
		"image_size":      {kind: aText, in: strings.Fields("1K 2K 4K")},
		"image":           {kind: texts, min: 1},
		"response_format": {kind: aText, in: strings.Fields("url b64_json")},
	}
	if strings.HasPrefix(model, "gpt-image") {
		return rs.with(rules{
			"size":    {kind: aText, in: strings.Fields("auto 1024x1024 1536x1024 1024x1536")},
			"quality": {kind: aText, in: strings.Fields("auto low medium high")},
			"n":       {kind: aNumber, min: 1, max: 10},
		})
	}
	return rs
}

func (haoee) route(method, path string) Step {
	id, isTask := strings.CutPrefix(path, "/v1/images/tasks/")
	switch {
	case method == http.MethodPost && (path == "/v1/images/generations" || path == "/v1/images/edits"):
		return StepSubmit
	case method == http.MethodGet && isTask && id != "" && !strings.Contains(id, "/"):
		return StepPoll
	}
	return StepNone
}

func (p haoee) judge(s *Sent) {
	named := s.Header.Get("ModelName")
	switch {
	case named == "":
		s.illegal("no header ModelName")
	case !slices.Contains(haoeeModels(), named):
		s.illegal(fmt.Sprintf("the header ModelName must be one of %s, not %q", strings.Join(haoeeModels(), " "), named))
	}
	s.Model = named
	if s.Step == StepPoll {
		s.query()
		s.Tickets = []string{strings.TrimPrefix(s.Path, "/v1/images/tasks/")}
		return
	}
	s.query("async", "webhook")
	if s.Query.Get("async") != "true" {
		s.illegal("the address lacks async=true")
	}
	if s.Path == "/v1/images/edits" {
		p.judgeEdit(s)
	} else {
		s.json()
		body := object(s)
		model, _ := body["model"].(string)
		haoeeRules(model).judge(s, body)
		for _, ref := range s.list("image") {
			s.refer(ref, nil, "url", "data", "base64")
		}
	}
	if m := s.text("model"); m != named {
		s.illegal(fmt.Sprintf("the header ModelName says %q and the body %q", named, m))
	}
	if hook := s.Query.Get("webhook"); hook != "" {
		s.Fields["webhook"] = hook
	}
	s.Count = s.number("n", 1)
}

func (haoee) judgeEdit(s *Sent) {
	if !strings.HasPrefix(s.Header.Get("Content-Type"), "multipart/form-data") {
		s.illegal("the body must be multipart/form-data")
		return
	}
	rs := haoeeRules(s.Header.Get("ModelName"))
	body := rs.form(s, "image")
	delete(rs, "image") // it is a file here
	rs.judge(s, body)
	if len(s.References) == 0 {
		s.illegal("image is required")
	}
}

func (p haoee) answer(x *exchange) {
	if x.sent.Step == StepSubmit {
		p.submit(x)
		return
	}
	v, ok := x.h.look(x.sent.Tickets[0])
	if !ok {
		x.refuse(http.StatusNotFound, "task not found")
		return
	}
	if v.Sent.Model != x.sent.Model {
		x.refuse(http.StatusBadRequest, "the task is of another model")
		return
	}
	x.reply(http.StatusOK, obj{"code": "success", "message": "", "data": p.task(v)})
}

func (p haoee) submit(x *exchange) {
	t := x.make()
	if t.Plan.AtOnce && t.Plan.Shape == "sync" {
		x.reply(http.StatusOK, p.plain(x.h.end(t.ID)))
		return
	}
	if t.Plan.AtOnce {
		x.reply(http.StatusOK, obj{"code": "success", "message": "", "data": p.task(x.h.end(t.ID))})
		return
	}
	shapes := map[string]any{
		"":               obj{"task_id": t.ID},
		"task_id":        obj{"task_id": t.ID},
		"data":           obj{"code": "success", "message": "", "data": t.ID},
		"id":             obj{"id": t.ID, "object": "image.task", "status": "queued"},
		"data.task_id":   obj{"code": "success", "message": "", "data": obj{"task_id": t.ID}},
		"data.0.task_id": obj{"code": 200, "data": []obj{{"status": "submitted", "task_id": t.ID}}},
	}
	answer, ok := shapes[t.Plan.Shape]
	if !ok {
		answer = shapes[""]
	}
	x.reply(http.StatusOK, answer)
}

// task is the document's answer to a poll, under "data".
func (p haoee) task(v view) obj {
	out := obj{
		"task_id": v.ID, "platform": "sync-task", "action": "image-sync", "fail_reason": "",
		"submit_time": v.Started.Unix(), "start_time": 0, "finish_time": 0, "search_item": "", "data": nil,
		"progress": fmt.Sprintf("%d%%", v.Progress),
	}
	switch {
	case v.Over && v.Failed():
		out["status"], out["fail_reason"] = "FAILURE", v.reason()
		if v.Plan.Refused {
			out["fail_reason"] = "output_moderation: " + v.reason()
		}
	case v.Over && v.Plan.Shape == "result_url":
		out["status"], out["result_url"] = "SUCCESS", v.Images[0]
	case v.Over && v.Plan.Shape == "data.data":
		out["status"], out["data"] = "SUCCESS", p.plain(v)["data"]
	case v.Over:
		out["status"], out["data"] = "SUCCESS", p.plain(v)
	case v.Word != "":
		out["status"] = v.Word
	default:
		out["status"] = "IN_PROGRESS"
	}
	return out
}

// plain is the answer of a gateway that knows no async, and what the document
// has under data.data.
func (haoee) plain(v view) obj {
	var data []obj
	for _, image := range v.Images {
		one := obj{"url": image, "b64_json": "", "revised_prompt": v.Plan.Revised}
		if v.Plan.As == AsBase64 {
			one["url"], one["b64_json"] = "", image
		}
		data = append(data, one)
	}
	return obj{
		"data": data, "model": v.Sent.Model, "created": v.Started.Unix(),
		"usage": obj{
			"prompt_tokens": 1425, "completion_tokens": 1290, "total_tokens": 2715,
			"prompt_tokens_details": obj{"cached_tokens": 0, "text_tokens": 0, "audio_tokens": 0, "image_tokens": 0},
			"input_tokens":          0, "output_tokens": 0, "input_tokens_details": nil, "output_tokens_details": nil,
		},
	}
}

func (haoee) refusal(step Step, status int, s *Sent, why string) any {
	if step == StepPoll {
		return obj{"code": errorCode(status), "message": why}
	}
	return obj{"error": obj{"message": why, "type": "invalid_request_error", "param": "", "code": errorCode(status)}}
}

// errorCode is the code that gateways of this family put beside a status.
func errorCode(status int) string {
	switch {
	case status == http.StatusUnauthorized:
		return "invalid_api_key"
	case status == http.StatusPaymentRequired, status == http.StatusForbidden:
		return "insufficient_user_quota"
	case status == http.StatusNotFound:
		return "task_not_exist"
	case status == http.StatusTooManyRequests:
		return "rate_limit_exceeded"
	case status >= 500:
		return "server_error"
	}
	return "invalid_request"
}

func (haoee) id(n int) string { return strings.ReplaceAll(uuid(n), "-", "") }
