package tagger

import "strings"

// sport has words of reports on sports. In them, the name of a town is mostly
// that of its team.
var sport = func() *table {
	var ps []pair
	for w := range strings.FieldsSeq(`coach coached striker strikers midfielder winger goalkeeper keeper defender fullback quarterback linebacker
 touchdown touchdowns inning innings playoff playoffs play-off semifinal semifinals semi-final semi-finals quarterfinal quarterfinals quarter-final
 quarter-finals scored scorer scoring goal goals goalless penalty penalties referee points rebounds assists wicket wickets batsman batsmen bowler bowlers
 overs runs homer homered pitcher yards interception interceptions fumble puck overtime halftime half-time header headed equaliser equalizer equalised
 equalized defeat defeats defeated beat beats beating draw draws win wins winning match matches game games tournament title team teams squad fixture
 fixtures club clubs season seasons lap laps podium bout knockout heavyweight soccer football basketball baseball cricket rugby hockey tennis golf
 unbeaten relegated relegation promoted standings transfer midfield offside substitute substituted stoppage rout routed edged thrashed hosts host visitors
 visiting away home kickoff kick-off test tests captain skipper batting bowled innings birdie birdied par bogey final finals league cup champions champion
 championship conference victory lead led trailed snapped streak roster rookie draft traded signed loan qualifier qualifiers round stadium fans nil`) {
		ps = append(ps, pair{hashLower(w), 1})
	}
	return newTable(merge(ps))
}()

// aboutSport is the least that sporty gives for a report on sports.
const aboutSport = 2

// sporty tells how much a text of so many words is about sports, by its words
// of sports: from 0, not at all, to 3.
func sporty(hits, words int) uint32 {
	switch {
	case hits == 0:
		return 0
	case hits*50 < words:
		return 1
	case hits*16 < words:
		return 2
	}
	return 3
}
