package paint

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Idea is something that a prompt can name and the painter knows. Plans carry
// the numbers: new ideas go to the end.
type Idea uint8

// The ideas.
const (
	_ Idea = iota
	Mountain
	Sea
	Lake
	Forest
	City
	Desert
	Meadow
	Snow
	Space
	Flower
	Leaf
	Cat
	Dog
	Fox
	Rabbit
	Bear
	Panda
	Bird
	Fish
	Person
	Boat
	House
	Cube
	Sphere
	Vase
	Fruit
	Abstract
	Balloon
	Tree
	Sunrise
	Sunset
	Day
	Night
	Sun
	Moon
	Star
	Cloud
	Rain
	Mist
	Aurora
	Spring
	Summer
	Autumn
	Winter
	Red
	Orange
	Yellow
	Green
	Teal
	Blue
	Purple
	Pink
	Brown
	Black
	White
	Grey
	Gouache
	Watercolour
	Riso
	Neon
	Minimal
	Ink
	Oil
	Pencil
	Postcard
	Warm
	Cool
	Dark
	Pastel
	Glass
	Wide
	Lighthouse
)

// lexicon gives the words of each idea: English ones stand alone (with a plural
// s), Chinese ones anywhere.
var lexicon = map[Idea]string{
	Mountain: "mountain ridge hill peak valley alps cliff volcano fuji canyon summit himalaya shanshui 山 山水 峰 岭 峦 丘 谷",
	Sea:      "sea ocean beach wave coast shore harbour harbor surf seaside island swimmer 海 浪 岸 沙滩 港",
	Lake:     "lake river pond reflection water waterfall fjord creek 湖 河 江 溪 水面 倒影",
	Forest:   "forest wood pine jungle grove birch taiga fir spruce bamboo 森林 树林 林 松 竹",
	City:     "city town skyline street building tokyo york shanghai paris london skyscraper downtown metropolis cyberpunk 城 街 楼 都市 上海 东京 北京 香港 大厦",
	Desert:   "desert dune sahara sand cactus oasis 沙漠 沙丘 戈壁",
	Meadow:   "meadow field grass prairie garden countryside farm wheat 草原 草地 田 花园 麦",
	Snow:     "snow snowy ice glacier frozen arctic iceberg 雪 冰",
	Space:    "space planet galaxy cosmos universe nebula saturn mars orbit astronaut rocket 宇宙 星球 银河 行星 太空 星系",
	Flower:   "flower rose tulip poppy daisy bouquet peony blossom lotus sunflower orchid lily petal botanical floral lavender 花 玫瑰 牡丹 莲 荷 菊 樱",
	Leaf:     "leaf leave plant fern monstera palm vine herb foliage succulent 叶 植物 蕨 芭蕉 绿植",
	Cat:      "cat kitten kitty siamese tabby feline 猫 喵",
	Dog:      "dog puppy collie corgi husky retriever shiba poodle hound labrador 狗 犬 柯基 哈士奇 柴",
	Fox:      "fox 狐",
	Rabbit:   "rabbit bunny hare 兔",
	Bear:     "bear teddy 熊",
	Panda:    "panda 熊猫",
	Bird:     "bird crane seagull gull swallow heron owl parrot sparrow crow eagle 鸟 鹤 燕 鸥 雁 鹰 雀",
	Fish:     "fish koi goldfish carp aquarium 鱼 鲤",
	Person:   "person man woman girl boy wanderer traveller traveler hiker child people lady monk samurai 人 女孩 男孩 少年 少女 旅人 侠",
	Boat:     "boat ship sail sailboat yacht canoe 船 舟 帆",
	House:    "house cabin cottage hut home barn temple castle pagoda village 房 屋 小屋 村 庙 寺 塔",
	Cube:     "cube box block product package geometric still-life 方块 立方体 盒 几何 静物 产品",
	Sphere:   "sphere ball orb bubble marble pearl globe 球 泡",
	Vase:     "vase pot cup mug bottle jar teapot pottery ceramic bowl coffee tea 花瓶 瓶 杯 壶 碗 陶 茶 咖啡",
	Fruit:    "fruit apple oranges lemons pear peaches cherries persimmon tangerine 水果 苹果 橙子 柠檬 梨 桃 柿 橘",
	Abstract: "abstract pattern shape bauhaus composition texture poster logo collage wallpaper 抽象 图案 纹理 海报 几何图形 壁纸",
	Balloon:  "balloon airship 气球",
	Tree:     "tree oak willow maple cherry-tree 树 柳 枫",
	Sunrise:  "sunrise dawn morning daybreak 日出 黎明 清晨 早晨 朝霞 破晓",
	Sunset:   "sunset dusk evening twilight golden-hour 日落 黄昏 傍晚 夕阳 晚霞 暮",
	Day:      "day noon daylight afternoon sunny 白天 正午 午后 晴",
	Night:    "night midnight nocturne nocturnal starry 夜 深夜 午夜",
	Sun:      "sun sunshine sunlight 太阳 阳光 红日",
	Moon:     "moon moonlight crescent lunar 月",
	Star:     "star starry milky 星空 星星 繁星 流星",
	Cloud:    "cloud cloudy sky overcast 云 天空",
	Rain:     "rain rainy storm drizzle umbrella 雨 暴风",
	Mist:     "mist misty fog foggy haze hazy smoke 雾 霭 烟 朦胧",
	Aurora:   "aurora northern-light borealis 极光",
	Spring:   "spring sakura 春 樱花",
	Summer:   "summer tropical 夏",
	Autumn:   "autumn fall october harvest 秋 红叶",
	Winter:   "winter christmas december 冬 圣诞",
	Red:      "red crimson scarlet vermilion ruby 红 赤 朱 绯",
	Orange:   "orange tangerine coral apricot amber 橙 橘 琥珀 珊瑚",
	Yellow:   "yellow gold golden ochre lemon mustard honey 黄 金 赭",
	Green:    "green emerald olive moss jade mint sage 绿 翠 碧 青草 薄荷",
	Teal:     "teal turquoise cyan aqua 青 蓝绿 湖蓝 松石",
	Blue:     "blue indigo navy azure cobalt slate sapphire 蓝 靛 藏青",
	Purple:   "purple violet lavender lilac mauve plum magenta 紫 丁香",
	Pink:     "pink rose peach blush salmon 粉 桃红 玫红",
	Brown:    "brown sepia chocolate umber rust terracotta 棕 褐 咖啡色 锈",
	Black:    "black ebony charcoal obsidian 黑 墨色 乌",
	White:    "white ivory cream 白 米色 奶油",
	Grey:     "grey gray silver ash 灰 银",

	Gouache:     "gouache poster-paint flat 水粉",
	Watercolour: "watercolour watercolor aquarelle 水彩",
	Riso:        "risograph riso screenprint silkscreen lithograph print halftone 孔版 丝网 版画",
	Neon:        "neon synthwave vaporwave cyberpunk retrowave 霓虹 赛博 蒸汽波",
	Minimal:     "minimal minimalist minimalism simple quiet zen empty 极简 简约 留白 禅",
	Ink:         "ink sumi-e calligraphy brush-painting 水墨 墨 国画",
	Oil:         "oil impressionist impressionism gogh monet impasto painterly 油画 印象派 梵高 莫奈",
	Pencil:      "pencil sketch drawing charcoal hatching engraving etching 铅笔 素描 速写 线稿",
	Postcard:    "postcard vintage retro polaroid nostalgic 明信片 复古 老照片 怀旧",
	Warm:        "warm cosy cozy fire candle 暖 温馨 火",
	Cool:        "cool cold icy fresh 冷 凉 清新",
	Dark:        "dark moody gloomy noir dramatic 暗 阴郁 神秘",
	Pastel:      "pastel soft dreamy gentle muted delicate kawaii 柔 梦幻 淡 可爱 治愈",
	Glass:       "glass crystal transparent ice-cube 玻璃 水晶 透明",
	Lighthouse:  "lighthouse 灯塔",
	Wide:        "wide panorama panoramic vast 宽 辽阔 全景",
}

// entry is one word, and where it leads.
type entry struct {
	word string
	idea Idea
}

var english, chinese = index()

// index turns the lexicon around: English words by spelling, Chinese ones the
// longest first.
func index() (map[string][]Idea, []entry) {
	en, zh := map[string][]Idea{}, []entry(nil)
	for idea, words := range lexicon {
		for word := range strings.FieldsSeq(words) {
			if word[0] < 0x80 {
				word = strings.ReplaceAll(word, "-", " ")
				en[word] = append(en[word], idea)
				slices.Sort(en[word])
			} else {
				zh = append(zh, entry{word, idea})
			}
		}
	}
	slices.SortFunc(zh, func(a, b entry) int {
		return cmp.Or(len(b.word)-len(a.word), cmp.Compare(a.word, b.word), cmp.Compare(a.idea, b.idea))
	})
	return en, zh
}

// found is an idea and where in the prompt it stands.
type found struct {
	at   int
	idea Idea
}

func findIdeas(prompt string) []Idea {
	prompt = strings.ToLower(prompt)
	all := append(findEnglish(prompt), findChinese(prompt)...)
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Or(a.at-b.at, int(a.idea)-int(b.idea)) })
	var out []Idea
	for _, f := range all {
		if len(out) < maxIdeas && !slices.Contains(out, f.idea) {
			out = append(out, f.idea)
		}
	}
	return out
}

// findEnglish looks up each word, and each pair of words.
func findEnglish(prompt string) []found {
	var out []found
	last, at := "", 0
	for at < len(prompt) {
		start := strings.IndexFunc(prompt[at:], letter)
		if start < 0 {
			break
		}
		start += at
		end := len(prompt)
		if n := strings.IndexFunc(prompt[start:], func(r rune) bool { return !letter(r) }); n >= 0 {
			end = start + n
		}
		word := prompt[start:end]
		for _, form := range []string{last + " " + word, word, strings.TrimSuffix(word, "s"), strings.TrimSuffix(word, "es"), singular(word)} {
			if ideas := english[form]; len(ideas) > 0 {
				for _, i := range ideas {
					out = append(out, found{start, i})
				}
				break
			}
		}
		last, at = word, end
	}
	return out
}

// singular turns poppies into poppy.
func singular(word string) string {
	if s, ok := strings.CutSuffix(word, "ies"); ok {
		return s + "y"
	}
	return word
}

func letter(r rune) bool { return r < 0x80 && unicode.IsLetter(r) }

const blanks = "                                "

// findChinese looks for the long words first; what they cover is taken, so that
// 熊猫 (panda) is neither a bear nor a cat.
func findChinese(prompt string) []found {
	var out []found
	b := []byte(prompt)
	for i := 0; i < len(chinese); {
		word := chinese[i].word
		n := i
		for n < len(chinese) && chinese[n].word == word {
			n++
		}
		for at, from := 0, 0; ; from = at + len(word) {
			if at = bytes.Index(b[from:], []byte(word)); at < 0 {
				break
			}
			at += from
			if from == 0 {
				for _, e := range chinese[i:n] {
					out = append(out, found{at, e.idea})
				}
			}
			copy(b[at:], blanks[:len(word)])
		}
		i = n
	}
	return out
}
