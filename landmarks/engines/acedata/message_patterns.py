"""Patterns of messages whose meaning no error code gives; they are matched in any case.

Names in CamelCase are error codes of Tencent's AnalyzeFace, the engine behind the API; the Chinese phrases are its
messages.
"""

PICTURE = r"(?:the |this |your |an? )?(?:image|picture|photo|file|url)s?(?:_url| url)?"
NO_FACES_FOUND = (
    r"NoFaceInPhoto|\bno (?:human |valid )?faces?(?: (?:was|were|is|are|has been|have been|could be))?"
    r"(?: (?:found|detected|recogni[sz]ed|present|visible|in|on)\b|\s*(?:[.!,;]|$))"
    r"|\bfaces? (?:(?:was|were|is|are|could) )?not (?:be )?(?:found|detected)"
    r"|(?:did not|didn't|could not|couldn't|cannot|can't|unable to) (?:find|detect|see) (?:any |a )?(?:human )?faces?\b"
    r"|没有(?:检测到|识别到|发现)?人脸|未(?:能)?(?:检测|识别|发现)(?:到|出)?人脸|(?:检测|识别)不到人脸|无人脸|不(?:存在|包含|含)人脸"
)
FACES_SMALL = r"FaceSizeTooSmall|\bfaces? (?:size )?(?:is |are )?too small|人脸(?:尺寸|框)?(?:过|太)小|人脸框大小小于"
DOWNLOAD_FAILED = (
    r"ImageDownloadError|UrlIllegal|图片下载(?:失败|错误)|下载图片(?:失败|错误)|URL格式不合法"
    rf"|(?:download|fetch|retrieve|access|load|open)(?:ing)? (?:of )?{PICTURE}"
    rf"|\b{PICTURE} (?:download|fetch|is (?:not accessible|inaccessible|not reachable|unreachable))"
    rf"|\b{PICTURE} (?:could not|cannot|can't|can not) be (?:downloaded|fetched|retrieved|accessed|loaded|opened)"
)
UNREADABLE = (
    r"ImageDecodeFailed|ImageEmpty|图片解码失败|图片(?:内容)?为空|empty image"
    rf"|(?:decode|decoding|read|parse) {PICTURE}|\b{PICTURE} (?:decod\w+|is (?:empty|corrupt\w*|damaged))"
)
PICTURE_TOO_SMALL = (
    rf"ResolutionTooSmall|resolution (?:is )?too (?:small|low)|\b{PICTURE} (?:is )?too small|less than 64\b"
    r"|图片(?:分辨率|尺寸)?(?:过|太)小|分辨率(?:小于|过小|太小)"
)
PICTURE_TOO_LARGE = (
    r"ResolutionExceed|ImageSizeExceed|resolution (?:is )?too (?:large|high|big)|exceeds? 5 ?M"
    rf"|\b{PICTURE} (?:size )?(?:is )?(?:too (?:large|big)|exceed)|图片(?:数据|分辨率|尺寸)?(?:过|太)大|不超过5M"
)
VERSION_REJECTED = r"FaceModelVersionIllegal|face_?model_?version|算法模型版本"
RATE_LIMITED = r"RequestLimitExceeded"
