package session

import (
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

const (
	keptNotices = 1000 // of a run
	toldNotices = 100  // in a snapshot
)

// noticed keeps a notice with the run it came in; those that come with no run under way go with the one before.
func (s *Session) noticed(n *pgconn.Notice) {
	severity := n.SeverityUnlocalized
	if severity == "" {
		severity = n.Severity
	}
	s.mu.Lock()
	r := s.run
	if r == nil {
		r = s.last
	}
	if r == nil {
		if len(s.early) < keptNotices {
			s.early = append(s.early, n)
		}
		s.mu.Unlock()
		return
	}
	notice := Notice{
		Index: r.noticeCount, Statement: r.current, At: int(time.Now().UnixMilli()), Severity: severity, Code: n.Code,
		Message: n.Message, Detail: n.Detail, Hint: n.Hint, Where: n.Where,
	}
	if len(r.notices) < keptNotices {
		r.notices = append(r.notices, notice)
	} else {
		r.notices[r.noticeCount%keptNotices] = notice
	}
	r.noticeCount++
	r.version++
	if r.current >= 0 && r.current < len(r.statements) {
		r.statements[r.current].Notices++
	}
	tell := r.req.OnNotice
	s.mu.Unlock()
	if tell != nil {
		tell(notice)
	}
}

// Notices gives those from an index on that are still kept, in order, and how many there were.
func (r *Run) Notices(from int) ([]Notice, int) {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	return r.noticesFrom(from), r.noticeCount
}

// noticesFrom needs s.mu.
func (r *Run) noticesFrom(from int) []Notice {
	from = max(from, r.noticeCount-keptNotices, 0)
	list := make([]Notice, 0, max(0, r.noticeCount-from))
	for i := from; i < r.noticeCount; i++ {
		list = append(list, r.notices[i%keptNotices])
	}
	return list
}
