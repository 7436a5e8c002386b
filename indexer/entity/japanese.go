package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// Rules for Japanese persons and organizations that no list has. Names stand
// in runs of characters or katakana between particles; what follows a run, or
// ends it, says what it is.

var (
	japaneseCompany = []string{"株式会社", "有限会社", "合同会社"}
	japaneseOrgEnds = strings.Fields(`銀行 大学 大学院 新聞 新聞社 協会 機構 財団 連盟 組合 委員会 研究所 学会 病院 証券 生命 電力 製作所 工業 電機 精機 製薬 商事 自動車 鉄道 航空 放送 党 省 庁 地裁 高裁 地検 県警 府警 道警
 連合会 電鉄 建設 製鉄 化学 食品 薬品 ホールディングス グループ 通信社 商工会議所 信用金庫 保険 不動産 重工業 製鋼 鉱業 印刷 出版 赤十字社 書店 百貨店 高校 中学校 小学校 美術館 博物館 裁判所 検察庁 消防局 警察署 テレビ 球団 交響楽団 証券取引所 取引所`)
	japaneseTitles = strings.Fields(`氏 さん 首相 大統領 社長 会長 代表 議員 知事 市長 教授 容疑者 被告 選手 監督 外相 防衛相 財務相 経産相 法相 官房長官 長官 局長 幹事長 委員長 総裁 記者 弁護士 医師 報道官 事務総長 総書記 国家主席 主席
 書記 頭取 取締役 専務 部長 課長 党首 県議 市議 准教授 研究員 アナウンサー 国務長官 国防長官 財務長官 副大統領 副首相 大臣 相 町長 村長 区長 理事長 所長 校長 院長 大使 大将 司令官 学長 名誉教授 最高経営責任者 CEO 副社長 元首相 元大統領 前大統領 前首相 投手 力士 さんら 氏ら`)
	japaneseGeneric = set(`大手銀行 地方銀行 同大学 同銀行 私立大学 国立大学 中央銀行 都市銀行 民間銀行 公立大学 政党 与党 野党 同党 両党 新党 各党 省庁 同省 同庁 各省 委員会 同委員会 同社 同協会 同病院 同研究所 同校 高校 大学 銀行 新聞 放送
 病院 協会 組合 自動車 鉄道 航空 電力 保険 生命 化学 食品 建設 工業 不動産 生命保険 損害保険 電気自動車 公共放送 地上放送 衛星放送 再生可能電力 人工生命 軍事化学 乗用自動車 国際航空 民間航空 労働組合 地方鉄道 公共建設`)
	japaneseSurnames = set(`佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水 山崎 森 池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本
 斉藤 福田 太田 西村 藤井 金子 岡本 藤原 三浦 中野 中川 原田 松田 竹内 小野 田村 中山 和田 石田 森田 上田 原 内田 柴田 酒井 宮崎 横山 高木 安藤 宮本 大野 小島 谷口 工藤 今井 高田 増田 丸山 杉山 村田 大塚 新井 小山 平野 藤本
 河野 上野 野口 武田 松井 千葉 菅原 岩崎 木下 久保 佐野 野村 松尾 市川 菊地 杉本 古川 大西 島田 水野 桜井 高野 吉川 山内 西田 飯田 菊池 西川 小松 北村 安田 五十嵐 川口 平田 関 中田 久保田 服部 東 岩田 土屋 川崎 福島 本田 辻 樋口
 秋山 田口 永井 山中 中西 吉村 川上 石原 大橋 松岡 馬場 浜田 森本 星野 矢野 浅野 大久保 吉岡 小池 野田 荒木 松村 熊谷 大谷 松下 永田 石橋 黒田 高市 岸田 石破 安倍 菅 麻生 茂木 林 玉木 枝野 泉 山岡 北川 岡崎 小泉 加藤 鳩山 細野 前原 蓮舫 志位
 西 堀 南 片山 内藤 松浦 吉野 荒井 須藤 望月 川村 大島 三宅 奥村 宮田 福井 大石 横田 尾崎 白石 桑原 川島 早川 松原 河村 上村 榎本 矢島 成田 堀内 小西 栗原 天野 塚本 植田 内山 氏家 孫 柳井 豊田 三木谷`)
)

// officeTitles are titles of which a place has one, so that who bears it
// behind "of" is a person; japaneseOnes are other words there.
var (
	officeTitles = set(`知事 市長 首相 大統領 外相 社長 会長 町長 村長 総書記 国家主席`)
	japaneseOnes = set(`現職 歴代 前職 新人 女性 当時 最後 最初 初代 次期 新任 歴史 事実 名誉 代理 民間 当選 二代 現`)
)

// japaneseRun reports whether a character goes on with a run.
func japaneseRun(c rune) bool {
	return unicode.Is(unicode.Han, c) || c == '々' || c == 'ー' || c == '・' || c == 'ヶ' || c == 'ケ' || unicode.Is(unicode.Katakana, c) || c >= 'A' && c <= 'Z' || c >= 'Ａ' && c <= 'Ｚ'
}

// japaneseNames finds persons and organizations in the runs of a text.
func (d *doc) japaneseNames(p int) {
	s := d.texts[p]
	for i := 0; i < len(s); {
		c, n := utf8.DecodeRuneInString(s[i:])
		if !japaneseRun(c) {
			i += n
			continue
		}
		end := i
		for end < len(s) {
			c, n := utf8.DecodeRuneInString(s[end:])
			if !japaneseRun(c) {
				break
			}
			end += n
		}
		d.japaneseInRun(p, i, end)
		i = end
	}
}

// japaneseInRun looks at one run.
func (d *doc) japaneseInRun(p, st, end int) {
	s := d.texts[p]
	run := s[st:end]
	for _, form := range japaneseCompany {
		if k := strings.Index(run, form); k > 0 && utf8.RuneCountInString(run[:k]) > 1 {
			d.spans = append(d.spans, span{part: p, start: st, end: st + k + len(form), typ: dateline.Organization, ent: -1, prio: 8, full: run[:k]})
			d.aliases = append(d.aliases, [2]string{run[:k], run[:k]})
			return
		} else if k == 0 && utf8.RuneCountInString(run[len(form):]) > 1 {
			name := run[len(form):]
			d.spans = append(d.spans, span{part: p, start: st, end: end, typ: dateline.Organization, ent: -1, prio: 8, full: name})
			d.aliases = append(d.aliases, [2]string{name, name})
			return
		}
	}
	if d.japanesePerson(p, st, end) {
		return
	}
	// The longest beginning that ends as organizations do; behind it a title may stand.
	best := 0
	for _, e := range japaneseOrgEnds {
		for k := 0; ; {
			at := strings.Index(run[k:], e)
			if at < 0 {
				break
			}
			k += at + len(e)
			if rest := run[k:]; (rest == "" || startsWithAny(rest, japaneseTitles)) && k > best {
				best = k
			}
		}
	}
	if name := run[:best]; best > 0 && utf8.RuneCountInString(name) > 2 && !japaneseGeneric[name] && !strings.HasPrefix(name, "同") && !strings.HasPrefix(name, "各") && !strings.HasPrefix(name, "大手") && !strings.HasPrefix(name, "両") {
		d.spans = append(d.spans, span{part: p, start: st, end: st + best, typ: dateline.Organization, ent: -1, prio: 6})
	}
}

func startsWithAny(s string, list []string) bool {
	for _, w := range list {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

// japanesePerson finds a person's name at the beginning of a run, before a
// title that ends it or follows it, and reports whether there is one.
func (d *doc) japanesePerson(p, st, end int) bool {
	s := d.texts[p]
	run := s[st:end]
	name, title := "", ""
	for _, t := range japaneseTitles {
		if k := strings.LastIndex(run, t); k > 0 && k+len(t) == len(run) && len(t) > len(title) {
			name, title = run[:k], t
		}
		if strings.HasPrefix(s[end:], t) && len(t) > len(title) && title == "" {
			name, title = run, t
		}
	}
	if name == "" {
		return false
	}
	n := utf8.RuneCountInString(name)
	kata := true
	for _, c := range name {
		kata = kata && (unicode.Is(unicode.Katakana, c) || c == 'ー' || c == '・')
	}
	sure := title == "氏" || title == "さん" || title == "容疑者" || title == "被告"
	switch {
	case kata:
		if n < 3 || startsWithAny(name, japaneseOrgEnds) {
			return false
		}
	case n < 2 || n > 6 || hasAnySuffix(name, japaneseOrgEnds) || hasAnySuffix(name, japaneseTitles[2:]):
		return false
	case !beginsWithSurname(name) && (!sure || n < 3) && !(n < 5 && strings.HasSuffix(s[:st], "の") && officeTitles[title] && !japaneseOnes[name]):
		return false
	}
	for _, x := range d.spans { // a listed place or organization is none
		if x.part == p && x.start == st && x.ent >= 0 && x.typ != dateline.Person && x.end-x.start >= len(name) {
			return false
		}
	}
	d.spans = append(d.spans, span{part: p, start: st, end: st + len(name), typ: dateline.Person, ent: -1, prio: 6})
	if !kata && n > 2 {
		for k := range name {
			if k > 0 && japaneseSurnames[name[:k]] {
				d.aliases = append(d.aliases, [2]string{name[:k], name})
			}
		}
	}
	return true
}

func hasAnySuffix(s string, list []string) bool {
	for _, w := range list {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}

func beginsWithSurname(name string) bool {
	for k := range name {
		if k > 0 && japaneseSurnames[name[:k]] {
			return true
		}
	}
	return japaneseSurnames[name]
}

// matchAliases finds the short names that rules made of longer ones in scripts
// without blanks, where nothing else stands.
func (d *doc) matchAliases() {
	if len(d.aliases) == 0 {
		return
	}
	full := map[string]string{}
	typ := map[string]dateline.EntityType{}
	for _, a := range d.aliases[:min(len(d.aliases), 200)] {
		if f, ok := full[a[0]]; ok && f != a[1] {
			full[a[0]] = "" // of two
			continue
		}
		full[a[0]] = a[1]
	}
	for _, x := range d.spans {
		if x.full != "" {
			typ[x.full] = x.typ
		} else if x.ent < 0 {
			typ[d.texts[x.part][x.start:x.end]] = x.typ
		}
	}
	for short, name := range full {
		if name == "" || typ[name] == "" || utf8.RuneCountInString(short) < 2 {
			continue
		}
		for p, s := range d.texts {
			for at := 0; ; {
				i := strings.Index(s[at:], short)
				if i < 0 {
					break
				}
				st := at + i
				at = st + len(short)
				next, _ := utf8.DecodeRuneInString(s[at:])
				last, _ := utf8.DecodeLastRuneInString(s[:st])
				if c, _ := utf8.DecodeRuneInString(short); unspaced(c) {
					if unicode.Is(unicode.Han, last) || unicode.Is(unicode.Han, next) && typ[name] == dateline.Person && !startsWithAny(s[at:], japaneseTitles) {
						continue
					}
				} else if wordRune(next) || wordRune(last) {
					continue
				}
				d.spans = append(d.spans, span{part: p, start: st, end: at, typ: typ[name], ent: -1, prio: 7, full: name})
			}
		}
	}
}
