"""Traditional characters as their simplified twins, for reading what is printed in them.

Only characters that forms, titles and the words of reports need, and none that simplified text uses as well:
what is printed in simplified characters stays as it is. Which belong together was looked up in the tables of
OpenCC (Apache-2.0).
"""

from __future__ import annotations

from typing import Final

_PAIRS: Final = (
    "万萬 与與 专專 业業 东東 丝絲 两兩 严嚴 个個 临臨 为為 为爲 丽麗 举舉 义義 习習 乡鄉 "
    "书書 争爭 云雲 产產 产産 亿億 仅僅 从從 价價 众眾 众衆 优優 会會 传傳 体體 余餘 侧側 "
    "偿償 党黨 兰蘭 关關 兴興 内內 册冊 写寫 农農 决決 况況 准準 减減 几幾 凭憑 击擊 划劃 "
    "则則 删刪 别別 制製 办辦 务務 动動 励勵 区區 华華 协協 单單 占佔 卫衛 卷捲 厅廳 历厤 "
    "历曆 历歷 县縣 参參 双雙 发發 变變 只隻 台檯 台臺 台颱 号號 向嚮 向曏 听聽 员員 周週 "
    "咨諮 响響 回迴 团團 围圍 国國 图圖 场場 坏壞 坚堅 声聲 处處 备備 复復 复複 头頭 宁寧 "
    "实實 审審 宽寬 宾賓 对對 导導 将將 层層 届屆 属屬 岁歲 币幣 干幹 并並 并併 广廣 应應 "
    "废廢 开開 张張 强強 归歸 当當 录彔 录錄 录録 彩綵 径徑 志誌 怀懷 态態 总總 户戶 托託 "
    "执執 抚撫 护護 报報 拟擬 挂掛 损損 换換 据據 数數 断斷 无無 旧舊 时時 显顯 晓曉 暂暫 "
    "机機 权權 条條 来來 板闆 构構 枞樅 查査 标標 栏欄 样樣 核覈 档檔 桥橋 检檢 楼樓 横橫 "
    "橱櫥 欧歐 毕畢 气氣 汇匯 汇彙 没沒 注註 测測 济濟 浏瀏 游遊 溯泝 满滿 点點 热熱 状狀 "
    "独獨 环環 现現 电電 监監 盖蓋 码碼 确確 碍礙 离離 私俬 种種 秘祕 称稱 税稅 稳穩 笔筆 "
    "类類 系係 系繫 累纍 纠糾 约約 级級 纳納 纸紙 线線 组組 织織 终終 经經 结結 给給 络絡 "
    "绝絕 统統 继繼 续續 维維 综綜 编編 缴繳 网網 罚罰 职職 联聯 胜勝 脑腦 致緻 舆輿 节節 "
    "苏蘇 范範 荫蔭 药葯 药藥 获獲 获穫 补補 表錶 袭襲 见見 规規 视視 览覽 计計 订訂 认認 "
    "讨討 训訓 议議 讯訊 记記 讲講 许許 论論 讼訟 设設 访訪 证証 证證 评評 识識 诉訴 诊診 "
    "词詞 试試 话話 询詢 该該 详詳 语語 误誤 说說 说説 请請 读讀 课課 调調 谈談 负負 财財 "
    "责責 败敗 账賬 质質 购購 贴貼 贵貴 费費 资資 赛賽 赠贈 转轉 轮輪 载載 较較 辑輯 辖轄 "
    "辽遼 达達 迁遷 过過 运運 还還 这這 进進 远遠 违違 连連 适適 递遞 逾踰 遗遺 邮郵 采埰 "
    "采寀 采採 针針 针鍼 钟鍾 钟鐘 链鏈 销銷 错錯 键鍵 镇鎮 镜鏡 长長 门門 问問 间間 闻聞 "
    "阅閱 阅閲 队隊 阳陽 际際 隐隱 隶隸 难難 页頁 项項 顺順 须須 颁頒 预預 领領 频頻 题題 "
    "额額 风風 饶饒 馆館 驳駁 验驗 龙龍 "
)
_TWINS: Final = {ord(pair[1]): pair[0] for pair in _PAIRS.split()}


def simplified(text: str) -> str:
    """The text, each character in its place, with simplified characters for the traditional ones.

    >>> simplified("2020年政府信息公開工作年度報告")
    '2020年政府信息公开工作年度报告'
    """
    return text if text.isascii() else text.translate(_TWINS)
