package entity

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// Rules for persons whose Chinese names no list has. A name is a surname and
// one or two more characters, beside words that only stand beside a person;
// or foreign names with a dot between, in the characters that are used to
// write sounds.
var (
	hanSurnames = runes(`王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧由`)
	hanTitles   = strings.Fields(`新闻发言人 发言人 主席 总统 总理 首相 部长 外长 防长 国务卿 议员 众议员 参议员 教授 研究员 分析师 经济学家 首席执行官 董事长 总裁 创始人 记者 将军 上将 中将 少将 大使 省长 市长 州长 书记 主任 秘书长 院长 校长 局长 司令 委员 专家 学者 律师 检察官 法官 主播 导演 演员 总监 外交官 负责人 副主席 副总理 官员 商人 法官 副局长 总干事 企业家 作家 画家 董事 嫌疑人 主持人 教练 球员 运动员 飞行员 航天员 歌手 博主 副部长 副省长 副市长 副院长 副校长 处长 科长 警官 医生 护士 村民 县长 镇长 社长 总编辑 编辑 研究员 助理教授 副教授 院士 女士 政委 参谋长 立委 党主席 候选人 总裁 创办人`)
	hanAfter    = strings.Fields(`表示 说 称 认为 指出 强调 回应 警告 透露 告诉 写道 呼吁 坦言 补充 否认 重申 宣布 批评 指责 先生 女士 教授 博士 将军 部长 主席 总理`)
	hanNext     = runes(`说表称在将周星曾与和对向呼指重回没认警强是也还就于等及今昨的从则宣会访出不已告坦补批否透写先女教博上下当日前近介提参抵赴率发接受作曾本同被把给为以到去来并,。、；：！？）》」』”…,.;:!?) `)
	hanSounds   = runes(`阿艾爱安昂奥巴白柏拜班邦贝本比彼毕边别宾波伯博布查柴达戴丹当道德登邓迪蒂丁东杜顿多恩厄尔法凡范菲费芬丰佛弗福富盖甘戈格根葛古瓜哈海汉豪赫亨胡华怀惠霍基吉加贾简杰捷金京卡凯坎康考科可克肯孔库奎昆拉莱兰朗劳勒雷里理利莉连廉林琳龙隆卢鲁路伦罗洛吕马玛迈麦曼芒毛梅门蒙孟米密明摩莫默姆慕穆纳娜南内妮尼涅宁纽诺努欧帕潘庞培佩彭皮平珀普奇齐契恰强乔切琴丘曲让热仁日荣如儒瑞若撒萨塞赛桑瑟森沙珊山尚绍舍申圣施什石史舒斯丝松苏索所塔泰坦汤陶特滕提汀廷通图托脱瓦旺万威韦维魏温文翁沃乌武伍西希锡喜夏香肖谢辛欣休修许雪逊雅亚延扬耶叶伊依易因英永尤于约云泽曾扎詹张哲珍芝兹朱祖佐唐纳翰逊`)
)

func runes(s string) map[rune]bool {
	out := map[rune]bool{}
	for _, c := range s {
		out[c] = true
	}
	return out
}

// soundEnds are characters that go on with a name written by its sounds, and
// hardly begin a word.
var soundEnds = runes(`斯尔顿奥森姆诺兹`)

// goesOn reports whether a short name at i is the beginning of a longer one by
// its sounds: 马里 is no place in 马里奥.
func goesOn(s string, i int, name string) bool {
	next, _ := utf8.DecodeRuneInString(s[i+len(name):])
	last, _ := utf8.DecodeLastRuneInString(name)
	return soundEnds[next] && hanSounds[last] && utf8.RuneCountInString(name) == 2
}

// hanNames finds persons by the rules, and those found wherever else they stand.
func (d *doc) hanNames() {
	texts := make([]string, len(d.texts))
	full := map[string]string{} // what stands for a person -> full name
	part := map[string]int{}    // how many full names a part belongs to
	for p, s := range d.texts {
		texts[p] = simplify(s)
		if d.language() == "ja" {
			continue // japanese.go
		}
		d.hanOrgs(p, texts[p])
		d.hanCompanies(p, texts[p])
		d.hanBodies(p, texts[p])
		known, place := map[int]bool{}, map[int]bool{}
		for _, x := range d.spans {
			if x.part == p {
				known[x.start] = true
				place[x.start] = place[x.start] || x.typ == dateline.Place
			}
		}
		for i, c := range texts[p] {
			if !unicode.Is(unicode.Han, c) && c != '·' {
				continue
			}
			name := ""
			if c == '·' || c == '・' {
				name = soundName(texts[p], i)
			} else if hanSurnames[c] && (!known[i] || place[i] && titledHan(texts[p], i)) { // 院长韩国瑜
				name = surnameFirst(texts[p], i)
			}
			if name == "" || full[name] != "" || len(full) > 200 || len(d.r.names[foldName(name)]) > 0 {
				continue
			}
			full[name] = name
			if k := strings.LastIndex(name, "·"); k >= 0 && utf8.RuneCountInString(name[k:]) > 2 {
				last := name[k+len("·"):]
				if part[last]++; part[last] == 1 && full[last] == "" {
					full[last] = name
				}
			}
		}
	}
	for w, n := range part {
		if n > 1 {
			delete(full, w)
		}
	}
	for p, s := range texts {
		for w, name := range full {
			for at := 0; ; {
				i := strings.Index(s[at:], w)
				if i < 0 {
					break
				}
				st := at + i
				at = st + len(w)
				x := span{part: p, start: st, end: at, typ: dateline.Person, ent: -1, prio: 6}
				if w != name {
					x.full = name
				}
				d.spans = append(d.spans, x)
			}
		}
	}
}

// hanOrgEnds end the names of organizations that begin with a place.
var hanOrgEnds = strings.Fields(`协会 大学 学院 银行 公司 集团 委员会 研究所 研究院 研究中心 基金会 联合会 商会 法院 检察院 警察局 总局 工会 联盟 电视台 电台 日报 晚报 通讯社 交易所 医院 博物馆`)

// hanStops are characters that stand in no organization's name but between
// words.
var hanStops = runes(`由据让使的在和与对是了向从被把将为于以及或也就都而但说称不没有这那个`)

// hanOrgs finds organizations whose names begin with a known place and end
// with what they are: 德国汽车工业协会.
func (d *doc) hanOrgs(p int, s string) {
	for _, x := range d.spans {
		if x.part != p || x.typ != dateline.Place || x.ent < 0 {
			continue
		}
		end := x.end
		for range 12 {
			c, n := utf8.DecodeRuneInString(s[end:])
			if !unicode.Is(unicode.Han, c) || hanStops[c] && !strings.HasPrefix(s[end:], "有限") {
				break
			}
			end += n
			tail := s[x.end:end]
			if slices.ContainsFunc(hanOrgEnds, func(w string) bool { return strings.HasSuffix(tail, w) }) &&
				(utf8.RuneCountInString(tail) > 3 || strings.HasSuffix(tail, "大学")) {
				d.spans = append(d.spans, span{part: p, start: x.start, end: end, typ: dateline.Organization, ent: -1, prio: 6})
			}
		}
	}
}

// hanCompanies finds companies by their legal form, back to where a name can
// hardly go on.
func (d *doc) hanCompanies(p int, s string) {
	for at := 0; ; {
		i := strings.Index(s[at:], "有限公司")
		if i < 0 {
			return
		}
		end := at + i + len("有限公司")
		st := at + i
		for range 14 {
			c, n := utf8.DecodeLastRuneInString(s[:st])
			if !unicode.Is(unicode.Han, c) && !(c >= 'A' && c <= 'Z') || hanStops[c] {
				break
			}
			st -= n
		}
		if utf8.RuneCountInString(s[st:at+i]) > 1 {
			d.spans = append(d.spans, span{part: p, start: st, end: end, typ: dateline.Organization, ent: -1, prio: 6})
		}
		at = end
	}
}

// Where the names of public bodies begin, and where they and universities end.
var (
	hanNational    = strings.Fields(`国家 全国 中央 最高`)
	hanBodyEnds    = strings.Fields(`总局 管理局 局 委员会 总署 署 办公室 研究院 科学院 中心 联合会 协会 学会 总会 基金会 银行 集团 实验室`)
	hanSomeSchools = strings.Fields(`名牌 重点 一流 综合 研究型 多所 这所 那所 一所 两所 几所 各 某 该 考上 就读 国内 国外 海外 知名 著名 普通 民办 公立 私立 地方 老年 开放 上 读 所 的 在 家 个 名校`)
)

// hanBodies finds public bodies that begin with what they are of (国家铁路局),
// and universities (西南交通大学).
func (d *doc) hanBodies(p int, s string) {
	for i := range s {
		if !startsWithAny(s[i:], hanNational) {
			continue
		}
		end, best := i+len("国家"), 0
		for range 9 {
			c, n := utf8.DecodeRuneInString(s[end:])
			if !unicode.Is(unicode.Han, c) || hanStops[c] {
				break
			}
			end += n
			if hasAnySuffix(s[i+len("国家"):end], hanBodyEnds) && utf8.RuneCountInString(s[i:end]) > 4 {
				best = end
				if !startsWithAny(s[end:], hanBodyEnds) {
					break
				}
			}
		}
		if best > 0 {
			d.spans = append(d.spans, span{part: p, start: i, end: best, typ: dateline.Organization, ent: -1, prio: 6})
		}
	}
	for at := 0; ; {
		i := strings.Index(s[at:], "大学")
		if i < 0 {
			return
		}
		st, end := at+i, at+i+len("大学")
		for range 6 {
			c, n := utf8.DecodeLastRuneInString(s[:st])
			if !unicode.Is(unicode.Han, c) || hanStops[c] {
				break
			}
			st -= n
		}
		if name := s[st : at+i]; utf8.RuneCountInString(name) > 1 && !slices.ContainsFunc(hanSomeSchools, func(w string) bool { return strings.Contains(name, w) }) && !strings.HasPrefix(s[end:], "生") {
			d.spans = append(d.spans, span{part: p, start: st, end: end, typ: dateline.Organization, ent: -1, prio: 5})
		}
		at = end
	}
}

// surnameFirst gives the name of a person that begins with the surname at i,
// or nothing.
func surnameFirst(s string, i int) string {
	var given []int // where one, two, three characters end
	end := i
	for range 3 {
		c, n := utf8.DecodeRuneInString(s[end:])
		if !unicode.Is(unicode.Han, c) {
			break
		}
		end += n
		given = append(given, end)
	}
	if len(given) < 2 {
		return ""
	}
	titled := titledHan(s, i)
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	free := i == 0 || !unicode.Is(unicode.Han, before) || strings.ContainsRune("的和与及", before)
	for k := len(given) - 1; k >= 1; k-- {
		rest := s[given[k]:]
		if k == 2 && startsWithAny(s[given[1]:], hanAfter) {
			continue // 吕特说
		}
		next, _ := utf8.DecodeRuneInString(rest)
		if titled && (rest == "" || hanNext[next] || !unicode.Is(unicode.Han, next)) {
			return s[i:given[k]]
		}
		// The same three characters twice.
		if titled && k == 2 && strings.Count(s, s[i:given[k]]) > 1 {
			return s[i:given[k]]
		}
		if !titled && !free {
			continue
		}
		for _, v := range hanAfter {
			if strings.HasPrefix(rest, v) {
				return s[i:given[k]]
			}
		}
	}
	return ""
}

// titledHan reports whether a title stands right before an offset.
func titledHan(s string, i int) bool {
	return slices.ContainsFunc(hanTitles, func(t string) bool { return strings.HasSuffix(s[:i], t) })
}

// soundName gives the foreign name around the dot at i, or nothing.
func soundName(s string, i int) string {
	st := i
	for n := 0; n < 7; n++ {
		c, size := utf8.DecodeLastRuneInString(s[:st])
		if !hanSounds[c] {
			break
		}
		st -= size
	}
	end, size := i, len("·")
	for range 3 { // up to three dots
		if !strings.HasPrefix(s[end:], "·") {
			break
		}
		end += size
		for n := 0; n < 7; n++ {
			c, k := utf8.DecodeRuneInString(s[end:])
			if !hanSounds[c] {
				break
			}
			end += k
		}
	}
	if st == i || end <= i+size+3 || strings.HasSuffix(s[st:end], "·") {
		return ""
	}
	return s[st:end]
}
