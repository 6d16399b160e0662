// Package probe tells whether a site answers.
package probe

import (
	"context"
	"net/http"
	"time"
)

// Prober asks sites, thirty seconds each at most.
type Prober struct {
	Client *http.Client
}

// Up tells whether the site answered without an error of the server.
func (p *Prober) Up(ctx context.Context, url string) bool {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, url, nil)
	if err != nil {
		return false
	}
	response, err := p.Client.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode < 500
}
