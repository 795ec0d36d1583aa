package backendtest

import (
	"net/http"

	"easel/backend"
)

// traits are what the documents say of one provider, as far as the suite needs
// it: the data in which the five differ.
type traits struct {
	words    map[string]backend.State // status words before the end
	forms    []Form                   // how pictures come
	submits  []string                 // shapes of the answer to a submit, all with an id
	running  []string                 // shapes of a poll's answer before the end
	results  []string                 // shapes of a result
	failures []string                 // shapes of a failure
	progress bool                     // told by polls
	multiple bool                     // several pictures in one answer
	refusals []refusal                // errors of its own
}

// refusal is an answer that is no good news, and what it must be read as.
type refusal struct {
	step   Step
	status int
	body   string
	kind   backend.Kind
	fate   backend.Fate // of a submit
	says   string       // a part of the message
	trace  string
}

func traitsOf(server string) traits {
	return map[string]func() traits{
		"haoee": haoeeTraits, "grsai": grsaiTraits, "uniall": uniallTraits, "acedata": acedataTraits, "defapi": defapiTraits,
	}[server]()
}

func haoeeTraits() traits {
	return traits{
		words: map[string]backend.State{
			"NOT_START": backend.Queued, "SUBMITTED": backend.Queued, "QUEUED": backend.Queued,
			"IN_PROGRESS": backend.Running, "in_progress": backend.Running,
		},
		forms: []Form{AsURL, AsBase64}, progress: true, multiple: true,
		submits: []string{"task_id", "data", "id", "data.task_id", "data.0.task_id"},
		running: []string{""}, results: []string{"", "data.data", "result_url"}, failures: []string{""},
		refusals: []refusal{
			{StepSubmit, 400, `{"code":"bad_request","message":"the prompt is too long"}`, backend.Invalid, backend.Refused, "the prompt is too long", ""},
			{StepSubmit, 400, `{"error":{"message":"no such size","type":"invalid_request_error","param":"size","code":"invalid_size"}}`, backend.Invalid, backend.Refused, "no such size", ""},
			{StepPoll, 200, `{"code":"upstream_error","message":"try again","data":null}`, "", 0, "try again", ""},
			{StepSubmit, 200, `{"code":"insufficient_user_quota","message":"no quota","data":null}`, backend.Unpaid, backend.Refused, "no quota", ""},
			{StepPoll, 200, `{"code":"task_not_exist","message":"no such task","data":null}`, backend.Gone, 0, "no such task", ""},
		},
	}
}

func grsaiTraits() traits {
	return traits{
		words: map[string]backend.State{"running": backend.Running, "RUNNING": backend.Running},
		forms: []Form{AsURL}, progress: true, multiple: true,
		submits: []string{""}, running: []string{""}, results: []string{""}, failures: []string{"", "failure_reason"},
		refusals: []refusal{
			{StepSubmit, 400, `{"id":"","status":"failed","error":"prompt is required"}`, backend.Invalid, backend.Refused, "prompt is required", ""},
			{StepSubmit, 400, `{"id":"14-x","status":"violation","error":"no such pictures"}`, backend.Moderated, backend.Refused, "no such pictures", ""},
			{StepSubmit, 400, `{"id":"14-x","status":"failed","failure_reason":"input_moderation","error":""}`, backend.Moderated, backend.Refused, "input_moderation", ""},
		},
	}
}

func uniallTraits() traits {
	return traits{
		words: map[string]backend.State{"queued": backend.Queued, "processing": backend.Running, "Processing": backend.Running},
		forms: []Form{AsURL}, progress: true, multiple: true,
		submits: []string{""}, running: []string{""}, results: []string{""}, failures: []string{"", "text"},
		refusals: []refusal{
			{StepSubmit, 400, `{"error":"size is required"}`, backend.Invalid, backend.Refused, "size is required", ""},
			{StepPoll, 200, `{"code":"upstream_error","message":"try again","data":null}`, "", 0, "try again", ""},
			{StepSubmit, 200, `{"code":"insufficient_user_quota","message":"no quota","data":null}`, backend.Unpaid, backend.Refused, "no quota", ""},
			{StepPoll, 200, `{"code":"task_not_exist","message":"no such task","data":null}`, backend.Gone, 0, "no such task", ""},
		},
	}
}

func acedataTraits() traits {
	return traits{
		words: nil,
		forms: []Form{AsURL}, multiple: true,
		submits: []string{""}, running: []string{"null", "missing", "no-data", "hiccup"}, results: []string{""}, failures: []string{"", "bare"},
		refusals: acedataRefusals(),
	}
}

func defapiTraits() traits {
	return traits{
		words: map[string]backend.State{
			"pending": backend.Queued, "submitted": backend.Queued, "in_progress": backend.Running, "IN_PROGRESS": backend.Running,
		},
		forms: []Form{AsURL, AsData}, multiple: true,
		submits: []string{""}, running: []string{""}, results: []string{"", "object", "text"}, failures: []string{""},
		refusals: []refusal{
			{StepSubmit, 400, `{"code": 1, "message": "failed", "detail": "prompt is required"}`, backend.Invalid, backend.Refused, "prompt is required", ""},
			{StepSubmit, 401, `{"code": 1, "message": "Invalid API key"}`, backend.Unauthorized, backend.Refused, "Invalid API key", ""},
			{StepPoll, 401, `{"code": 401, "message": "Invalid API key"}`, backend.Unauthorized, 0, "Invalid API key", ""},
			{StepPoll, 404, `{"code": 1, "message": "task not found"}`, backend.Gone, 0, "task not found", ""},
			{StepSubmit, 200, `{"code": 1, "message": "failed", "detail": "no such model"}`, "", backend.Refused, "no such model", ""},
			{StepPoll, 200, `{"code": 1, "message": "try again"}`, "", 0, "try again", ""},
		},
	}
}

func acedataRefusals() []refusal {
	body := func(code, message string) string {
		return `{"success":false,"error":{"code":"` + code + `","message":"` + message + `"},"trace_id":"3f1c-trace"}`
	}
	const trace = "3f1c-trace"
	return []refusal{
		{StepSubmit, 400, body("token_mismatched", "not this token"), "", backend.Refused, "not this token", trace},
		{StepSubmit, 400, body("bad_request", "no prompt"), backend.Invalid, backend.Refused, "no prompt", trace},
		{StepSubmit, 401, body("invalid_token", "who are you"), backend.Unauthorized, backend.Refused, "who are you", trace},
		{StepSubmit, 401, body("token_expired", "too late"), backend.Unauthorized, backend.Refused, "too late", trace},
		{StepSubmit, 403, body("used_up", "no balance left"), backend.Unpaid, backend.Refused, "no balance left", trace},
		{StepSubmit, 403, body("content_policy", "not such pictures"), backend.Moderated, backend.Refused, "not such pictures", trace},
		{StepSubmit, 413, body("too_large", "too much"), backend.Invalid, backend.Refused, "too much", trace},
		{StepSubmit, http.StatusTooManyRequests, body("too_many_requests", "slower"), backend.RateLimited, backend.Unsent, "slower", trace},
		{StepSubmit, 500, body("api_error", "fetch failed"), backend.Unavailable, backend.Refused, "fetch failed", trace},
		{StepPoll, 400, body("bad_request", "no id"), backend.Invalid, 0, "no id", trace},
		{StepPoll, 401, body("invalid_token", "who are you"), backend.Unauthorized, 0, "who are you", trace},
		{StepPoll, 500, body("api_error", "fetch failed"), backend.Unavailable, 0, "fetch failed", trace},
	}
}
