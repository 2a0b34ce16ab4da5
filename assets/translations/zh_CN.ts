<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>hxd</name>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>&amp;Chat</source>
        <translation>对话(&amp;C)</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>About HXD Desktop</source>
        <translation>关于 HXD Desktop</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Ask again</source>
        <translation>重新提问</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Calibrate…</source>
        <translation>校准…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Conversations and libraries</source>
        <translation>对话与资料库</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Copy answer</source>
        <translation>复制回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Do something…</source>
        <translation>命令面板…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Evaluate…</source>
        <translation>评测…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Evidence</source>
        <translation>依据</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>New library…</source>
        <translation>新资料库…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Search chats</source>
        <translation>搜索对话</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Search documents</source>
        <translation>搜索文档</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Sources</source>
        <translation>来源</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/actions.py"/>
        <source>Write a question</source>
        <translation>输入问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/banner.py"/>
        <source>Copy details</source>
        <translation>复制详情</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/banner.py"/>
        <source>Details…</source>
        <translation>详情…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/banner.py"/>
        <source>Dismiss</source>
        <translation>关闭提示</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/banner.py"/>
        <source>Read more…</source>
        <translation>了解详情…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/bridge.py"/>
        <source>Not ready yet</source>
        <translation>尚未就绪</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/bridge.py"/>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/bridge.py"/>
        <source>The library is still being opened.</source>
        <translation>资料库还在打开。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/bridge.py"/>
        <source>Try again in a moment.</source>
        <translation>请稍后再试。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/bridge.py"/>
        <source>You stopped it.</source>
        <translation>你已停止它。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/bridge.py"/>
        <source>You stopped this question.</source>
        <translation>你停止了这个问题。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/dialog.py"/>
        <source>Apply the limit</source>
        <translation>应用界限</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/dialog.py"/>
        <source>Calibrate</source>
        <translation>校准</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/dialog.py"/>
        <source>Change the limit</source>
        <translation>更改界限</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/dialog.py"/>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/dialog.py"/>
        <source>Follow the questions</source>
        <translation>跟随问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/dialog.py"/>
        <source>Learning</source>
        <translation>正在学习</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/dialog.py"/>
        <source>Library</source>
        <translation>资料库</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/dialog.py"/>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/dialog.py"/>
        <source>Revert</source>
        <translation>还原</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/dialog.py"/>
        <source>Take the suggested limit, and keep to it as questions are added</source>
        <translation>采用建议的界限，并随问题的增加而调整</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/dialog.py"/>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>A question of your own</source>
        <translation>写一个你自己的问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>Add a question</source>
        <translation>添加问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>Change the side</source>
        <translation>更改归类</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>Import and export</source>
        <translation>导入与导出</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>Import questions</source>
        <translation>导入问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>Import questions to answer…</source>
        <translation>导入应回答的问题…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>Import questions to refuse…</source>
        <translation>导入应拒答的问题…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>Import questions…</source>
        <translation>导入问题…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>Questions</source>
        <translation>问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>Questions (*.json *.jsonl)</source>
        <translation>问题 (*.json *.jsonl)</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>Remove questions</source>
        <translation>移除问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>Remove the chosen questions (Del)</source>
        <translation>移除所选问题 (Del)</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>Search questions</source>
        <translation>搜索问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>The documents</source>
        <translation>文档</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>To answer</source>
        <translation>应回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>To refuse</source>
        <translation>应拒答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>cover it</source>
        <translation>涉及此问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>do not cover it</source>
        <translation>未涉及此问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>{n} to answer</source>
        <translation>{n} 个应回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/examples_pane.py"/>
        <source>{n} to refuse</source>
        <translation>{n} 个应拒答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/limit_pane.py"/>
        <source>A moment, please.</source>
        <translation>请稍候。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/limit_pane.py"/>
        <source>Limit</source>
        <translation>界限</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/limit_pane.py"/>
        <source>Plots</source>
        <translation>图表</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/limit_pane.py"/>
        <source>Reading the questions</source>
        <translation>正在读取问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/limit_pane.py"/>
        <source>Scores</source>
        <translation>分数</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/limit_pane.py"/>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/limit_pane.py"/>
        <source>What the limit costs</source>
        <translation>界限的代价</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/limit_pane.py"/>
        <source>limit {limit}</source>
        <translation>界限 {limit}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/limit_pane.py"/>
        <source>suggested {limit}</source>
        <translation>建议 {limit}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/model.py"/>
        <source>From</source>
        <translation>来源</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/model.py"/>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/model.py"/>
        <source>Score</source>
        <translation>分数</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/model.py"/>
        <source>Should be</source>
        <translation>应当</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/model.py"/>
        <source>a chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/model.py"/>
        <source>a file</source>
        <translation>文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/model.py"/>
        <source>answered</source>
        <translation>回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/model.py"/>
        <source>refused</source>
        <translation>拒答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/model.py"/>
        <source>typed in</source>
        <translation>手动输入</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>A question gets its score from the documents. Add a folder to this library first.</source>
        <translation>问题的分数来自文档。请先为这个资料库添加文件夹。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>No scores yet</source>
        <translation>还没有分数</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>On questions that it did not learn from (cross-validated): {figures}</source>
        <translation>对未参与学习的问题（交叉验证）：{figures}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>Precision {precision} · recall {recall} · F1 {f1}</source>
        <translation>精确率 {precision} · 召回率 {recall} · F1 {f1}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>Suggested: {limit}, the usual limit. Both kinds of questions are needed to say more.</source>
        <translation>建议：{limit}，即默认界限。两类问题都有之后才能给出更好的建议。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>Suggested: {limit}. The scores of good and bad are {gap} apart.</source>
        <translation>建议：{limit}。两类问题的分数相距 {gap}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>Suggested: {limit}. The scores of good and bad overlap by {gap}.</source>
        <translation>建议：{limit}。两类问题的分数重叠 {gap}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>Teach it with questions of your own</source>
        <translation>用你自己的问题来教它</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>Too few questions for these figures to mean much. Needed: {missing}.</source>
        <translation>问题太少，这些数字意义有限。还需要：{missing}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>With this limit {good}, {bad}.</source>
        <translation>按此界限，{good}，{bad}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>Write questions that your documents cover, and some that they do not. The limit between answering and refusing follows them.</source>
        <translation>写一些文档能回答的问题，再写一些文档没有涉及的问题。回答与拒答之间的界限会随之调整。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>in force, follows the questions</source>
        <translation>当前生效，随问题调整</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>in force, set by hand</source>
        <translation>当前生效，手动设置</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>in force: {limit}; apply to change it</source>
        <translation>当前生效：{limit}；应用后才会更改</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>{n} more to answer</source>
        <translation>{n} 个应回答的</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>{n} more to refuse</source>
        <translation>{n} 个应拒答的</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>{n} of {of} bad ones refused</source>
        <translation>拒答 {of} 个不应回答的问题中的 {n} 个</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calibrate/words.py"/>
        <source>{n} of {of} good questions are answered</source>
        <translation>回答 {of} 个应回答的问题中的 {n} 个</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calls.py"/>
        <source>It does not lead to a passage of your documents.</source>
        <translation>它没有指向你的文档中的任何一段文字。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/calls.py"/>
        <source>The link could not be opened</source>
        <translation>链接无法打开</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/answer_actions.py"/>
        <source>Answer anyway</source>
        <translation>仍然回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/answer_actions.py"/>
        <source>Copy as Markdown</source>
        <translation>复制为 Markdown</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/answer_actions.py"/>
        <source>Copy as plain text</source>
        <translation>复制为纯文本</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/answer_actions.py"/>
        <source>Copy question</source>
        <translation>复制问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/answer_actions.py"/>
        <source>Copy with sources</source>
        <translation>连同来源一起复制</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/answer_actions.py"/>
        <source>Good answer</source>
        <translation>回答得好</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/answer_actions.py"/>
        <source>Kept as a question to answer</source>
        <translation>已存为应作答的例子</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/answer_actions.py"/>
        <source>Kept as a question to refuse</source>
        <translation>已存为应拒答的例子</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/answer_actions.py"/>
        <source>Kept: answerable, but from another source</source>
        <translation>已记录：可以回答，但应出自其他来源</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/answer_actions.py"/>
        <source>Learning from it…</source>
        <translation>正在学习…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/answer_actions.py"/>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/answer_actions.py"/>
        <source>Not a good answer</source>
        <translation>回答不好</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/answer_actions.py"/>
        <source>Right to refuse</source>
        <translation>拒答得对</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/answer_actions.py"/>
        <source>Should have been answered</source>
        <translation>本应作答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/answer_actions.py"/>
        <source>Should have been refused</source>
        <translation>本应拒答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/answer_actions.py"/>
        <source>Wrong source</source>
        <translation>来源不对</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/composer.py"/>
        <source>Ask the library {name}</source>
        <translation>向资料库“{name}”提问</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/composer.py"/>
        <source>Ask your documents</source>
        <translation>向你的文档提问</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/composer.py"/>
        <source>Asked:</source>
        <translation>提问范围：</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/composer.py"/>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/composer.py"/>
        <source>Send (Enter)</source>
        <translation>发送（Enter）</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/composer.py"/>
        <source>Stop (Esc)</source>
        <translation>停止（Esc）</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/exchange.py"/>
        <source>Answer: {text}</source>
        <translation>回答：{text}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/exchange.py"/>
        <source>You asked: {question}</source>
        <translation>你的提问：{question}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/exchange_view.py"/>
        <source>Answered by a remote model: {host}</source>
        <translation>由远程模型回答：{host}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/exchange_view.py"/>
        <source>Asked while documents were still being indexed: more may be found later.</source>
        <translation>提问时文档还在建立索引，之后可能找到更多。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/exchange_view.py"/>
        <source>Searched for “{known}” instead of “{typed}”.</source>
        <translation>已按“{known}”检索，而不是“{typed}”。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/exchange_view.py"/>
        <source>Searched for “{other}” as well as “{typed}”.</source>
        <translation>除“{typed}”外，也按“{other}”搜索了。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/exchange_view.py"/>
        <source>Stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/exchange_view.py"/>
        <source>The question and the chosen passages were sent there.</source>
        <translation>问题和选中的段落已发送到那里。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/exchange_view.py"/>
        <source>This question was not finished.</source>
        <translation>这个问题没有处理完。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/exchange_view.py"/>
        <source>What is underlined is not supported by the sources.</source>
        <translation>划线部分没有来源支持。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/exchange_view.py"/>
        <source>Why this was answered or refused</source>
        <translation>作答或拒答的原因</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/exchange_view.py"/>
        <source>Why?</source>
        <translation>为什么？</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/page.py"/>
        <source>Add a folder</source>
        <translation>添加文件夹</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/page.py"/>
        <source>Answers name their sources. What your documents do not cover is refused, and you see why.</source>
        <translation>回答都注明来源。文档没有涵盖的问题会被拒答，并说明原因。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/page.py"/>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/page.py"/>
        <source>Drop a folder anywhere on this window, or choose one. Nothing leaves this computer.</source>
        <translation>把文件夹拖到窗口任意位置，或点击选择。任何内容都不会离开这台电脑。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/page.py"/>
        <source>Opening your library</source>
        <translation>正在打开资料库</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/page.py"/>
        <source>Try the sample documents</source>
        <translation>试用示例文档</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/page.py"/>
        <source>Which documents may I read?</source>
        <translation>让我读哪些文档？</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/question_row.py"/>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/question_row.py"/>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/question_row.py"/>
        <source>Edit the question and ask again</source>
        <translation>修改问题后重新提问</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/question_row.py"/>
        <source>Edited question</source>
        <translation>修改后的问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/question_row.py"/>
        <source>Next version of this question</source>
        <translation>该问题的下一个版本</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/question_row.py"/>
        <source>Previous version of this question</source>
        <translation>该问题的上一个版本</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/question_row.py"/>
        <source>The question as it was stays as a version of its own.</source>
        <translation>原来的问题会保留为单独的版本。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/question_row.py"/>
        <source>Version {n} of {of}</source>
        <translation>第 {n} 个版本，共 {of} 个</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/question_row.py"/>
        <source>{n} / {of}</source>
        <translation>{n} / {of}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/chat/view.py"/>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/export.py"/>
        <source>Choose another place for it.</source>
        <translation>请换一个位置。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/export.py"/>
        <source>The chat could not be saved</source>
        <translation>对话无法保存</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/export.py"/>
        <source>refusal {score} · limit {limit}</source>
        <translation>拒答分 {score} · 界限 {limit}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/hits.py"/>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/hits.py"/>
        <source>You</source>
        <translation>你</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/model.py"/>
        <source>{title}, pinned</source>
        <translation>{title}，已置顶</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/panel.py"/>
        <source>Conversations</source>
        <translation>对话列表</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/panel.py"/>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/panel.py"/>
        <source>Deleted.</source>
        <translation>已删除。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/panel.py"/>
        <source>In the messages</source>
        <translation>消息内容</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/panel.py"/>
        <source>Markdown</source>
        <translation>Markdown</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/panel.py"/>
        <source>Messages found</source>
        <translation>找到的消息</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/panel.py"/>
        <source>New chat (Ctrl+N)</source>
        <translation>新对话（Ctrl+N）</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/panel.py"/>
        <source>No message holds these words.</source>
        <translation>没有消息包含这些词。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/panel.py"/>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/panel.py"/>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/panel.py"/>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/panel.py"/>
        <source>Save the chat</source>
        <translation>保存对话</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/panel.py"/>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/panel.py"/>
        <source>Web page</source>
        <translation>网页</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/panel.py"/>
        <source>Your chats appear here.</source>
        <translation>你的对话会显示在这里。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/conversations/panel.py"/>
        <source>“{title}” is deleted.</source>
        <translation>“{title}”已删除。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/about.py"/>
        <source>Answers from your own folders, with sources, and says why when it does not answer.</source>
        <translation>依据你自己的文件夹作答并给出来源；不作答时说明原因。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/about.py"/>
        <source>Components</source>
        <translation>组件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/about.py"/>
        <source>Free software under the GNU Affero General Public License, version 3 or later.</source>
        <translation>自由软件，采用 GNU Affero 通用公共许可证第 3 版或更高版本。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/about.py"/>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/about.py"/>
        <source>Licence: {name}</source>
        <translation>许可证：{name}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/about.py"/>
        <source>Made with</source>
        <translation>使用的组件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/about.py"/>
        <source>This package brings no text of its licence.</source>
        <translation>该组件未附带许可证全文。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/about.py"/>
        <source>see its text</source>
        <translation>见全文</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Ctrl++, Ctrl+-</source>
        <translation>Ctrl++、Ctrl+-</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Ctrl+F, F3</source>
        <translation>Ctrl+F、F3</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Ctrl+Up, Ctrl+Down</source>
        <translation>Ctrl+↑ Ctrl+↓</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Del</source>
        <translation>Del</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Delete the chosen chat</source>
        <translation>删除所选对话</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>F2</source>
        <translation>F2</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Find in the document, next match: while the document has the keyboard</source>
        <translation>在文档中查找、下一个匹配（焦点在文档里时）</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Move between messages</source>
        <translation>在消息之间移动</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Move between sources</source>
        <translation>在来源之间移动</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>New line in the question</source>
        <translation>在问题中换行</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Next and previous control</source>
        <translation>下一个、上一个控件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Page Up, Page Down</source>
        <translation>Page Up、Page Down</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Previous and next page, in the document</source>
        <translation>在文档中翻到上一页、下一页</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Rename the chosen chat</source>
        <translation>重命名所选对话</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Send the question</source>
        <translation>发送问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Shift+Enter</source>
        <translation>Shift+Enter</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Tab, Shift+Tab</source>
        <translation>Tab、Shift+Tab</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Up, Down</source>
        <translation>↑ ↓</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/keys.py"/>
        <source>Zoom the document</source>
        <translation>放大、缩小文档</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/log.py"/>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/log.py"/>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/log.py"/>
        <source>Faults</source>
        <translation>错误</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/log.py"/>
        <source>Level</source>
        <translation>级别</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/log.py"/>
        <source>Nothing was logged.</source>
        <translation>没有日志记录。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/log.py"/>
        <source>Open the folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/log.py"/>
        <source>Read again</source>
        <translation>重新读取</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/log.py"/>
        <source>Warnings and faults</source>
        <translation>警告和错误</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/log.py"/>
        <source>{n} entries</source>
        <translation>{n} 条</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/log.py"/>
        <source>{n} entry</source>
        <translation>{n} 条</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/dialogs/problem.py"/>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/drop.py"/>
        <source>Add {n} item to {library}</source>
        <translation>把 {n} 项添加到“{library}”</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/drop.py"/>
        <source>Add {n} items to {library}</source>
        <translation>把 {n} 项添加到“{library}”</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>A folder is looked through instead of watched</source>
        <translation>有一个文件夹改为定期查看，而不是实时监视</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>A setting is not valid</source>
        <translation>有一项设置无效</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Another copy is making it just now.</source>
        <translation>另一个正在运行的程序正在创建它。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Another embedder is being prepared</source>
        <translation>正在准备另一个向量模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Another library is called {name}.</source>
        <translation>已有另一个资料库叫 {name}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Another program holds {name}.</source>
        <translation>另一个程序正占用 {name}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Ask again. If it happens again, choose a smaller model, a shorter context or fewer GPU layers.</source>
        <translation>请重新提问。如果再次发生，请选择更小的模型、更短的上下文，或减少放在显卡上的层数。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Change them in the running copy.</source>
        <translation>请在正在运行的那个程序里修改。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Check its name.</source>
        <translation>请检查名称。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Check that the disk is connected and not full, then start again; what was stored is safe.</source>
        <translation>请确认磁盘已连接且未满，然后重新启动；已保存的内容是安全的。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Check the permissions and the free space of the data directory, and that the file can be read.</source>
        <translation>请检查数据目录的权限和可用空间，并确认该文件可以读取。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Check the permissions and the free space of the data directory, or choose another with --data-dir.</source>
        <translation>请检查数据目录的权限和可用空间，或用 --data-dir 另选一个。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Check the permissions of the data directory and run the download again: it goes on where it stopped.</source>
        <translation>请检查数据目录的权限，然后重新下载：会从中断处继续。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Choose a folder with enough room that can be written.</source>
        <translation>请选择一个空间足够且可写的文件夹。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Choose a place with enough room that can be written.</source>
        <translation>请选择一个空间足够且可写的位置。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Choose another folder with --data-dir or HXD_DATA_DIR, or correct its permissions.</source>
        <translation>请用 --data-dir 或 HXD_DATA_DIR 另选一个文件夹，或更正它的权限。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Choose another name.</source>
        <translation>请换一个名称。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Choose one of: {names}.</source>
        <translation>请从这些里选：{names}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Choose one that `hxd models list` shows, or import it with `hxd models import PATH`.</source>
        <translation>请从 `hxd models list` 列出的模型中选择，或用 `hxd models import PATH` 导入。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Close HXD Desktop and run `hxd doctor --repair`, which saves what can be read. Your files are safe.</source>
        <translation>请关闭 HXD Desktop 并运行 `hxd doctor --repair`，它会保住还能读出的内容。你的文件是安全的。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Close other programs and ask again.</source>
        <translation>请关闭其他程序后重新提问。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Close other programs, or choose a smaller model.</source>
        <translation>请关闭其他程序，或选择更小的模型。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Close the other program that uses this data directory, then try again.</source>
        <translation>请关闭使用这个数据目录的另一个程序，然后重试。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Correct it, or remove the line to return to the default.</source>
        <translation>请更正它，或删除这一行以恢复默认值。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Correct its permissions, or choose another data directory with --data-dir.</source>
        <translation>请更正它的权限，或用 --data-dir 另选一个数据目录。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Correct the file, or delete it to return to the defaults.</source>
        <translation>请更正这个文件，或删除它以恢复默认设置。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Free some space and run the download again: it goes on where it stopped.</source>
        <translation>请腾出一些空间，然后重新下载：会从中断处继续。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Free some space, or check the permissions of the data directory; nothing is lost.</source>
        <translation>请腾出一些空间，或检查数据目录的权限；没有丢失任何内容。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Free some space, or correct the permissions of the data directory.</source>
        <translation>请腾出一些空间，或更正数据目录的权限。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Free some space, or move the data directory with --data-dir.</source>
        <translation>请腾出一些空间，或用 --data-dir 把数据目录移到别处。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Free some space, or move the data directory with --data-dir. The embedder in use stays.</source>
        <translation>请腾出一些空间，或用 --data-dir 把数据目录移到别处。正在使用的向量模型保持不变。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Free some space, then try again.</source>
        <translation>请腾出一些空间，然后重试。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>HXD Desktop is already running on this data directory</source>
        <translation>HXD Desktop 已在使用这个数据目录</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Indexing met a fault of the application</source>
        <translation>索引时程序出了错</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Its process ended unexpectedly ({why}).</source>
        <translation>它的进程意外结束（{why}）。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>No library is called {name}.</source>
        <translation>没有叫 {name} 的资料库。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Not enough memory for the model</source>
        <translation>内存不足以运行该模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Not enough room on the disk</source>
        <translation>磁盘空间不足</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Nothing can be written</source>
        <translation>无法写入</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Nothing was written</source>
        <translation>没有写入任何内容</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Number {number} was deleted.</source>
        <translation>编号 {number} 的对话已被删除。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Of {name}, a file is gone or has another size than when it was imported.</source>
        <translation>{name} 有一个文件不见了，或大小与导入时不同。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Open it again.</source>
        <translation>请重新打开。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Process of another copy writes to {path}.</source>
        <translation>另一个正在运行的程序正在写入 {path}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Process {pid} writes to {path}.</source>
        <translation>进程 {pid} 正在写入 {path}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Remove it with `hxd models remove {name}` and import it again.</source>
        <translation>请用 `hxd models remove {name}` 移除后重新导入。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Restore into a new or empty folder, so that nothing is overwritten.</source>
        <translation>请恢复到一个新的或空的文件夹，以免覆盖任何内容。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Settings cannot be changed</source>
        <translation>无法修改设置</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Settings cannot be read</source>
        <translation>无法读取设置</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Settings cannot be saved</source>
        <translation>无法保存设置</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Start a new chat.</source>
        <translation>请开始一个新对话。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Take another copy of it.</source>
        <translation>请换用它的另一份副本。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The backup cannot be restored</source>
        <translation>无法恢复备份</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The backup cannot be written</source>
        <translation>无法写入备份</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The backup is of a newer version</source>
        <translation>这个备份来自更新的版本</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The data directory cannot be used</source>
        <translation>无法使用数据目录</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The data directory cannot be written</source>
        <translation>无法写入数据目录</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The data directory is from a newer version</source>
        <translation>数据目录来自更新的版本</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The data directory is not ready</source>
        <translation>数据目录尚未就绪</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The database cannot be opened</source>
        <translation>无法打开数据库</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The database is busy</source>
        <translation>数据库正被占用</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The database is damaged</source>
        <translation>数据库已损坏</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The disk fails</source>
        <translation>磁盘出错</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The embedding model stopped</source>
        <translation>向量模型已停止</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The file is no whole backup</source>
        <translation>这个文件不是完整的备份</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The folder does not exist</source>
        <translation>文件夹不存在</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The folder is not empty</source>
        <translation>文件夹不是空的</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The language model cannot be started</source>
        <translation>无法启动语言模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The language model stopped</source>
        <translation>语言模型已停止</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The library is closed.</source>
        <translation>资料库已关闭。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The model cannot be copied</source>
        <translation>无法复制模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The model cannot be written</source>
        <translation>无法写入模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The model does not fit into the free memory.</source>
        <translation>可用内存放不下该模型。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The model is not there</source>
        <translation>模型不在</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The model takes {needed} GB; {free} GB are free at {path}.</source>
        <translation>模型需要 {needed} GB；{path} 处可用 {free} GB。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The model's files are not whole</source>
        <translation>模型文件不完整</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The name is taken</source>
        <translation>名称已被使用</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The system did not start its process: {why}.</source>
        <translation>系统没能启动它的进程：{why}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The vector index cannot be saved</source>
        <translation>无法保存向量索引</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The vectors of {name} are being made.</source>
        <translation>正在生成 {name} 的向量。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>The vectors take about {needed} MB; {free} MB are free.</source>
        <translation>向量约需 {needed} MB；可用 {free} MB。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>There is no such conversation</source>
        <translation>没有这个对话</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>There is no such library</source>
        <translation>没有这个资料库</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>There is no {kind} called {name}.</source>
        <translation>没有名为 {name} 的模型（{kind}）。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>There is nothing at {path}.</source>
        <translation>{path} 处什么也没有。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>This copy only reads.</source>
        <translation>这个程序只能读取。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>This data directory is open for reading only.</source>
        <translation>这个数据目录以只读方式打开。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Try again. If it happens again, close other programs or choose a smaller model.</source>
        <translation>请重试。如果再次发生，请关闭其他程序，或选择更小的模型。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Update HXD Desktop, or choose another data directory with --data-dir.</source>
        <translation>请更新 HXD Desktop，或用 --data-dir 另选一个数据目录。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Update the application first.</source>
        <translation>请先更新程序。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Use that copy, close it, or choose another data directory with --data-dir.</source>
        <translation>请使用那个程序、关闭它，或用 --data-dir 另选一个数据目录。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Use the running copy, or close it first.</source>
        <translation>请使用正在运行的那个程序，或先关闭它。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Wait until that is done, or cancel it first.</source>
        <translation>请等它完成，或先取消。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>Your documents are unharmed. Report what the log says (Settings, Data).</source>
        <translation>你的文档没有受损。请报告日志中的内容（设置 → 数据）。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>it is no folder</source>
        <translation>它不是文件夹</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>it is not there</source>
        <translation>它不在那里</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>it is read-only</source>
        <translation>它是只读的</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>its content is damaged</source>
        <translation>它的内容已损坏</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>no space is left on the disk</source>
        <translation>磁盘上没有剩余空间</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>permission denied</source>
        <translation>没有权限</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>the disk reports an error</source>
        <translation>磁盘报告错误</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>the file cannot be opened</source>
        <translation>无法打开文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>the file is not a database</source>
        <translation>该文件不是数据库</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>the file system is read-only</source>
        <translation>文件系统是只读的</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>{name} has schema {found}, this version knows {known}.</source>
        <translation>{name} 的结构版本是 {found}，这个版本的程序只认识 {known}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>{name} in {file} must be {expected}.</source>
        <translation>{file} 中的 {name} 必须是 {expected}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>{name} still needs {needed} GB; {free} GB are free at {path}.</source>
        <translation>{name} 还需要 {needed} GB；{path} 处可用 {free} GB。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>{path} cannot be read or written: the system reports an error of the disk.</source>
        <translation>无法读写 {path}：系统报告磁盘出错。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>{path} cannot take the rest of the model.</source>
        <translation>{path} 放不下模型的其余部分。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>{path} could not be written.</source>
        <translation>无法写入 {path}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>{path} holds something already.</source>
        <translation>{path} 里已有内容。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/engine_words.py"/>
        <source>{what}: {why}.</source>
        <translation>{what}：{why}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/charts.py"/>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/charts.py"/>
        <source>Places</source>
        <translation>名次</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/charts.py"/>
        <source>Precision and recall</source>
        <translation>精确率与召回率</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/charts.py"/>
        <source>Reliability</source>
        <translation>可靠性</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/charts.py"/>
        <source>Scores of the questions</source>
        <translation>各问题的分数</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/charts.py"/>
        <source>answer among the best 10</source>
        <translation>答案在前 10 段之中</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/charts.py"/>
        <source>not among them</source>
        <translation>不在其中</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>Choose another place.</source>
        <translation>请换一个位置。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>Evaluate</source>
        <translation>评测</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>Figures as a table…</source>
        <translation>指标表格…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>Its figures are forgotten; it can be measured again.</source>
        <translation>其指标将被删除；可以重新评测。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>Measure on the library's own questions, or on a file. Runs are kept here and can be compared.</source>
        <translation>用资料库自己的问题或一个文件来评测。结果会保存在这里，可以相互比较。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>Nothing measured yet</source>
        <translation>还没有评测</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>Questions as a table…</source>
        <translation>问题表格…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>Reading the runs</source>
        <translation>正在读取评测记录</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>Remove {n} run?</source>
        <translation>移除 {n} 次评测？</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>Remove {n} runs?</source>
        <translation>移除 {n} 次评测？</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>Report in a folder</source>
        <translation>在文件夹中生成报告</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>Report in a folder…</source>
        <translation>在文件夹中生成报告…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>Runs</source>
        <translation>评测记录</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>Tables (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>The file could not be saved</source>
        <translation>无法保存文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/dialog.py"/>
        <source>The plot that is shown</source>
        <translation>当前图表</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/models.py"/>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/models.py"/>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/results.py"/>
        <source>Choose a run</source>
        <translation>选择一次评测</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/results.py"/>
        <source>Choose one to see its figures, or two and more (with Ctrl or Shift) to compare them.</source>
        <translation>选择一次可查看其指标，按住 Ctrl 或 Shift 选择多次可进行比较。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/results.py"/>
        <source>Figures</source>
        <translation>指标</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/results.py"/>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/run_bar.py"/>
        <source>Choose a file of questions</source>
        <translation>选择问题文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/run_bar.py"/>
        <source>Library made</source>
        <translation>资料库</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/run_bar.py"/>
        <source>Measure</source>
        <translation>开始评测</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/run_bar.py"/>
        <source>Measured</source>
        <translation>评测内容</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/run_bar.py"/>
        <source>Measuring</source>
        <translation>正在评测</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/run_bar.py"/>
        <source>Questions (*.jsonl *.json *.txt)</source>
        <translation>问题 (*.jsonl *.json *.txt)</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/run_bar.py"/>
        <source>a file…</source>
        <translation>文件…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/run_bar.py"/>
        <source>as it is</source>
        <translation>使用现有资料库</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/run_bar.py"/>
        <source>its own questions</source>
        <translation>资料库自己的问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/run_bar.py"/>
        <source>of its passages with answers</source>
        <translation>用文件中含答案的段落新建</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/run_bar.py"/>
        <source>of its passages without</source>
        <translation>用文件中不含答案的段落新建</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/run_bar.py"/>
        <source>of the file's passages</source>
        <translation>用文件中的段落新建</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>Answers or refuses</source>
        <translation>回答还是拒答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>BLEU</source>
        <translation>BLEU</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>Brier score</source>
        <translation>Brier 分数</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>Differences on the {n} questions that both asked, with what 95 % of resamplings give; * is more than chance.</source>
        <translation>差异基于双方都问过的 {n} 个问题，括号内为 95% 重采样的范围；* 表示并非偶然。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>F1 at the best limit</source>
        <translation>最佳界限下的 F1</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>F1, standard deviation</source>
        <translation>F1 标准差</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>Figure</source>
        <translation>指标</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>Finds the answer</source>
        <translation>能否找到答案</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>Place of the answer</source>
        <translation>答案的名次</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>ROC AUC</source>
        <translation>ROC AUC</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>ROUGE-L</source>
        <translation>ROUGE-L</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>answer in the best 10</source>
        <translation>答案在前 10 段</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>answer in the best 3</source>
        <translation>答案在前 3 段</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>answer in the best 5</source>
        <translation>答案在前 5 段</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>answer in the best passage</source>
        <translation>答案在第 1 段</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>answer rate</source>
        <translation>回答率</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>answers that hold it</source>
        <translation>含有答案的回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>characters an answer</source>
        <translation>每个回答的字数</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>difference</source>
        <translation>差异</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>exact match</source>
        <translation>完全匹配</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>faithfulness, by the model</source>
        <translation>忠实度（由模型判断）</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>faithfulness, by words</source>
        <translation>忠实度（按词）</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>its own</source>
        <translation>自有问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>limit</source>
        <translation>界限</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>mean reciprocal rank</source>
        <translation>平均倒数排名</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>ms a question</source>
        <translation>每个问题的毫秒数</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>ms, 95 % below</source>
        <translation>毫秒，95% 低于</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>not a question</source>
        <translation>不是问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>other run</source>
        <translation>另一次</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>outcome there</source>
        <translation>那次的结果</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>precision</source>
        <translation>精确率</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>precision of the passages</source>
        <translation>段落的精确率</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>questions</source>
        <translation>问题数</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>recall</source>
        <translation>召回率</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>recall of the passages</source>
        <translation>段落的召回率</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>refusal rate</source>
        <translation>拒答率</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>refused: no evidence</source>
        <translation>拒答：没有依据</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>refused: not covered</source>
        <translation>拒答：文档未涉及</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>refused: unsafe</source>
        <translation>拒答：不安全</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>relevance, by the model</source>
        <translation>相关度（由模型判断）</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>relevance, by words</source>
        <translation>相关度（按词）</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>right: answered</source>
        <translation>正确：回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>right: refused</source>
        <translation>正确：拒答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>run {n}</source>
        <translation>第 {n} 次</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>wrong: answered</source>
        <translation>错误：回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>wrong: refused</source>
        <translation>错误：拒答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>{done} of {n} question</source>
        <translation>{n} 个问题中的 {done} 个</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>{done} of {n} questions</source>
        <translation>{n} 个问题中的 {done} 个</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evaluate/words.py"/>
        <source>{share} of the best 5</source>
        <translation>前 5 段命中 {share}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/bars.py"/>
        <source>{reading}, usually {usual}</source>
        <translation>{reading}，通常为 {usual}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document.py"/>
        <source>Choose a source to read it in its document.</source>
        <translation>选择一个来源，即可在原文档中阅读。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document.py"/>
        <source>Opening the document</source>
        <translation>正在打开文档</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document.py"/>
        <source>This match stands in what is not drawn: choose Plain text to see it.</source>
        <translation>此匹配位于未绘出的部分：选择“纯文本”即可看到。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_bars.py"/>
        <source>Copy with its source</source>
        <translation>连同出处一起复制</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_bars.py"/>
        <source>Find in this document (Ctrl+F)</source>
        <translation>在此文档中查找（Ctrl+F）</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_bars.py"/>
        <source>Formatted</source>
        <translation>排版</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_bars.py"/>
        <source>Next cited passage</source>
        <translation>下一处引用</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_bars.py"/>
        <source>Next page</source>
        <translation>下一页</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_bars.py"/>
        <source>Open in its program</source>
        <translation>用关联程序打开</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_bars.py"/>
        <source>Plain text</source>
        <translation>纯文本</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_bars.py"/>
        <source>Previous cited passage</source>
        <translation>上一处引用</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_bars.py"/>
        <source>Previous page</source>
        <translation>上一页</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_bars.py"/>
        <source>Show headings, lists and tables as such</source>
        <translation>显示标题、列表和表格的样式</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_bars.py"/>
        <source>Show the text as it was read</source>
        <translation>按读取到的原样显示文字</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_bars.py"/>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_bars.py"/>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_reading.py"/>
        <source>Page {page} of {name}: {text}</source>
        <translation>{name} 第 {page} 页：{text}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_reading.py"/>
        <source>Page {page} of {pages}</source>
        <translation>第 {page} 页，共 {pages} 页</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_reading.py"/>
        <source>Part {page} of {pages}</source>
        <translation>第 {page} 部分，共 {pages} 部分</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_reading.py"/>
        <source>Passage {page} of {pages}</source>
        <translation>第 {page} 处引用，共 {pages} 处</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_reading.py"/>
        <source>The file has changed since it was read. This is its text as it was read.</source>
        <translation>文件在读取之后有过改动。这里显示的是当时读取的文字。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_reading.py"/>
        <source>The file has changed since it was read; the passage may stand elsewhere now.</source>
        <translation>文件在读取之后有过改动，这段文字现在可能在别处。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_reading.py"/>
        <source>The file is not there any more. This is its text as it was read.</source>
        <translation>文件已经不在了。这里显示的是当时读取的文字。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_reading.py"/>
        <source>The page cannot be shown: {why} This is its text as it was read.</source>
        <translation>无法显示页面：{why} 这里显示的是当时读取的文字。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_reading.py"/>
        <source>The passage could not be found on this page, so nothing is marked.</source>
        <translation>在这一页上找不到这段文字，因此没有标记。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_reading.py"/>
        <source>The passage stands in what is not drawn: choose Plain text to see it.</source>
        <translation>引用的段落位于未绘出的部分：选择“纯文本”即可看到。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/document_reading.py"/>
        <source>p. {page}</source>
        <translation>第 {page} 页</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/find_bar.py"/>
        <source>Find in this document</source>
        <translation>在此文档中查找</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/find_bar.py"/>
        <source>Next match</source>
        <translation>下一个匹配</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/find_bar.py"/>
        <source>No match</source>
        <translation>无匹配</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/find_bar.py"/>
        <source>Previous match</source>
        <translation>上一个匹配</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/find_bar.py"/>
        <source>{page} of {pages}</source>
        <translation>{page}/{pages}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/page_view.py"/>
        <source>Page</source>
        <translation>页面</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/pane.py"/>
        <source>Document</source>
        <translation>文档</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/pane.py"/>
        <source>Found too, but not quoted</source>
        <translation>也找到了，但没有引用</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/pane.py"/>
        <source>How an answer or a refusal was decided appears here.</source>
        <translation>这里显示作答或拒答的判定过程。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/pane.py"/>
        <source>No passages.</source>
        <translation>没有段落。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/pane.py"/>
        <source>The nearest passages found</source>
        <translation>找到的最接近段落</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/pane.py"/>
        <source>The passages behind an answer appear here.</source>
        <translation>这里显示回答所依据的段落。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/pane.py"/>
        <source>What the answer is taken from</source>
        <translation>回答所依据的内容</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>Add a document that mentions {words}, or ask in the documents' own words.</source>
        <translation>添加提到{words}的文档，或换用文档里的说法再问。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>Add a folder that covers the subject.</source>
        <translation>添加涵盖这个主题的文件夹。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>Add a folder with documents on the subject.</source>
        <translation>添加含有相关文档的文件夹。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>Ask for files of any kind.</source>
        <translation>不限文件种类再问一次。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>Ask in the documents' language.</source>
        <translation>用文档的语言提问。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>Documents are still being indexed: ask again when that is done.</source>
        <translation>文档还在建立索引，完成后请再问一次。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>If it should have been answered, say so: the limit learns from it.</source>
        <translation>如果本应作答，请点“本应作答”，判定会从中学习。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>Or set the limit to {limit}.</source>
        <translation>或把拒答线调到 {limit}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>Quoted from the documents, no model</source>
        <translation>引自文档原文，未用模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>Say what the question is about.</source>
        <translation>写明要问的对象。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>The refusal score {score} is {margin} over the limit of {limit}.</source>
        <translation>拒答分 {score}，比界限 {limit} 高出 {margin}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>The refusal score {score} is {margin} under the limit of {limit}.</source>
        <translation>拒答分 {score}，比界限 {limit} 低 {margin}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>Use a bilingual embedder, which finds documents in another language.</source>
        <translation>换用双语向量模型，它能找到另一种语言的文档。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>read by OCR</source>
        <translation>由 OCR 识别</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>{n} document asked</source>
        <translation>检索 {n} 个文档</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>{n} documents asked</source>
        <translation>检索 {n} 个文档</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/reading.py"/>
        <source>{score} of {limit}</source>
        <translation>{score}（界限 {limit}）</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/sources.py"/>
        <source>Copy a link to this passage</source>
        <translation>复制指向这段文字的链接</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/sources.py"/>
        <source>Passage of source {n}</source>
        <translation>来源 {n} 的段落</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/sources.py"/>
        <source>Show in the document</source>
        <translation>在文档中查看</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/sources.py"/>
        <source>Show the whole passage</source>
        <translation>显示整段</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/sources.py"/>
        <source>Source {n}: {name}, {place}</source>
        <translation>来源 {n}：{name}，{place}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/why.py"/>
        <source>Nearest passages</source>
        <translation>最接近的段落</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/why.py"/>
        <source>Sentences that no source supports</source>
        <translation>没有来源支持的句子</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/why.py"/>
        <source>Sources that disagree</source>
        <translation>说法不一的来源</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/why.py"/>
        <source>Stage by stage</source>
        <translation>逐步过程</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/why.py"/>
        <source>The ticks are what is usual when this library answers.</source>
        <translation>刻度是这个资料库作答时的一般水平。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/why.py"/>
        <source>What decided</source>
        <translation>决定性的迹象</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/why.py"/>
        <source>What the score is made of</source>
        <translation>分数的构成</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/why.py"/>
        <source>What would change it</source>
        <translation>怎样才会作答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/evidence/why.py"/>
        <source>Words that no document holds</source>
        <translation>文档中没有出现的词</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/finder/commands.py"/>
        <source>Files of the library</source>
        <translation>资料库的文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/finder/commands.py"/>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/finder/dialog.py"/>
        <source>A few letters of what you want</source>
        <translation>输入几个字母查找</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/finder/dialog.py"/>
        <source>Do something</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/finder/dialog.py"/>
        <source>Nothing fits.</source>
        <translation>没有匹配项。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/finder/dialog.py"/>
        <source>What fits</source>
        <translation>匹配项</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/formats.py"/>
        <source>{h} h {m} min left</source>
        <translation>剩余 {h} 小时 {m} 分</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/formats.py"/>
        <source>{n} hours</source>
        <translation>{n} 小时</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/formats.py"/>
        <source>{n} min left</source>
        <translation>剩余 {n} 分钟</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/formats.py"/>
        <source>{n} minute</source>
        <translation>{n} 分钟</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/formats.py"/>
        <source>{n} minutes</source>
        <translation>{n} 分钟</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/formats.py"/>
        <source>{n} ms</source>
        <translation>{n} 毫秒</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/formats.py"/>
        <source>{n} s</source>
        <translation>{n} 秒</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/formats.py"/>
        <source>{n} s left</source>
        <translation>剩余 {n} 秒</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/formats.py"/>
        <source>{n} second</source>
        <translation>{n} 秒</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/formats.py"/>
        <source>{n} seconds</source>
        <translation>{n} 秒</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/gauge.py"/>
        <source>Refusal score</source>
        <translation>拒答分</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/gauge.py"/>
        <source>Refusal score: how likely it is that the documents do not cover the question.
0 is covered, 1 is not. At or above the limit it is refused.</source>
        <translation>拒答分：文档没有涵盖这个问题的可能性。
0 为涵盖，1 为未涵盖；达到或超过界限即拒答。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/gauge.py"/>
        <source>decided before the score</source>
        <translation>在评分之前已判定</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/layouts.py"/>
        <source>Clear the field</source>
        <translation>清空输入框</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/layouts.py"/>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/card.py"/>
        <source>Files of {name}</source>
        <translation>“{name}”的文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/card.py"/>
        <source>Files…</source>
        <translation>文件列表…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/card.py"/>
        <source>Ignore patterns…</source>
        <translation>忽略规则…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/card.py"/>
        <source>More for this library</source>
        <translation>资料库的更多操作</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/card.py"/>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/card.py"/>
        <source>Read everything again…</source>
        <translation>重新读取全部…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/card.py"/>
        <source>Read failed files again</source>
        <translation>重新读取失败的文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/card.py"/>
        <source>Remove library…</source>
        <translation>移除资料库…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/card.py"/>
        <source>Remove {path}</source>
        <translation>移除 {path}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/card.py"/>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/card.py"/>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/card.py"/>
        <source>Say where {path} is now…</source>
        <translation>指出 {path} 现在的位置…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/card.py"/>
        <source>offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/card.py"/>
        <source>polled</source>
        <translation>定期检查</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_dialog.py"/>
        <source>Add a folder to this library, and its files appear here.</source>
        <translation>为这个资料库添加文件夹后，文件会显示在这里。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_dialog.py"/>
        <source>All states</source>
        <translation>全部状态</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_dialog.py"/>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_dialog.py"/>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_dialog.py"/>
        <source>No files yet</source>
        <translation>还没有文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_dialog.py"/>
        <source>No such file</source>
        <translation>没有这样的文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_dialog.py"/>
        <source>Nothing fits what you chose.</source>
        <translation>没有符合所选条件的文件。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_dialog.py"/>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_dialog.py"/>
        <source>Search files and reasons</source>
        <translation>搜索文件与原因</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_dialog.py"/>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_dialog.py"/>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_dialog.py"/>
        <source>{n} file</source>
        <translation>{n} 个文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_dialog.py"/>
        <source>{n} files</source>
        <translation>{n} 个文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_model.py"/>
        <source>Changed</source>
        <translation>修改时间</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_model.py"/>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_model.py"/>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_model.py"/>
        <source>Its folder is not reachable: its index is kept</source>
        <translation>所在文件夹无法访问，索引仍保留</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_model.py"/>
        <source>Passages</source>
        <translation>段落</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_model.py"/>
        <source>Read as</source>
        <translation>读取方式</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_model.py"/>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_model.py"/>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_model.py"/>
        <source>Time</source>
        <translation>用时</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_model.py"/>
        <source>empty</source>
        <translation>空</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_model.py"/>
        <source>indexed</source>
        <translation>已索引</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_model.py"/>
        <source>queued</source>
        <translation>排队</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_model.py"/>
        <source>scan without text</source>
        <translation>扫描件无文字</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/files_model.py"/>
        <source>skipped</source>
        <translation>跳过</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/ignore_dialog.py"/>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/ignore_dialog.py"/>
        <source>Everywhere: {patterns}</source>
        <translation>适用于所有文件夹：{patterns}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/ignore_dialog.py"/>
        <source>Ignore patterns</source>
        <translation>忽略规则</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/ignore_dialog.py"/>
        <source>Kept; the folder is looked through again.</source>
        <translation>已保存；正在重新检查该文件夹。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/ignore_dialog.py"/>
        <source>One pattern a line, as in a .gitignore file: “drafts/” leaves out folders of that name, “*.bak” files, “!keep.bak” brings one back. What they leave out is forgotten; your files stay where they are.</source>
        <translation>每行一条规则，写法与 .gitignore 文件相同：“drafts/”排除该名称的文件夹，“*.bak”排除文件，“!keep.bak”重新包含一个文件。被排除的内容会从索引中删除；你的文件不受影响。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/panel.py"/>
        <source>Add a folder to {library}</source>
        <translation>把文件夹添加到“{library}”</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/panel.py"/>
        <source>Libraries</source>
        <translation>资料库</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/panel.py"/>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/panel.py"/>
        <source>New library</source>
        <translation>新资料库</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/panel.py"/>
        <source>Read all of {name} again?</source>
        <translation>重新读取 {name} 的全部文件？</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/panel.py"/>
        <source>Remove the library {name}?</source>
        <translation>移除资料库“{name}”？</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/panel.py"/>
        <source>Remove {path}?</source>
        <translation>移除 {path}？</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/panel.py"/>
        <source>Rename library</source>
        <translation>重命名资料库</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/panel.py"/>
        <source>Where is {path} now?</source>
        <translation>{path} 现在在哪里？</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>Checked now and then: the system cannot watch it</source>
        <translation>定期检查：系统无法监视它</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>Indexing {name}</source>
        <translation>正在索引“{name}”</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>Looking at the files: {n}</source>
        <translation>正在查看文件：{n}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>Not reachable: its index is kept. Connect its drive, or say where it is now.</source>
        <translation>无法访问：索引已保留。请连接它的硬盘，或指出它现在的位置。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>The index of {documents} with {passages} is deleted; adding them again reads them anew.</source>
        <translation>将删除 {documents}（{passages}）的索引；再次添加时会重新读取。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>What is found now can be found until then.</source>
        <translation>在此之前，现有内容仍可找到。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>Your files stay where they are.</source>
        <translation>你的文件保持不动。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>comparing by meaning</source>
        <translation>正在建立语义索引</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>reading scan page {page} of {total}</source>
        <translation>正在识别扫描页，第 {page} 页，共 {total} 页</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{documents} are read again, {size} in all; what did not change keeps its vectors.</source>
        <translation>将重新读取 {documents}，共 {size}；未变化的内容保留其向量。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{done} of {total} files</source>
        <translation>{done} / {total} 个文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{n} document</source>
        <translation>{n} 个文档</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{n} document indexed</source>
        <translation>已索引 {n} 个文档</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{n} documents</source>
        <translation>{n} 个文档</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{n} documents indexed</source>
        <translation>已索引 {n} 个文档</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{n} empty</source>
        <translation>{n} 个为空</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{n} failed</source>
        <translation>{n} 个失败</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{n} good and bad questions are deleted too.</source>
        <translation>同时删除 {n} 个示例问题。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{n} good or bad question is deleted too.</source>
        <translation>同时删除 {n} 个示例问题。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{n} libraries</source>
        <translation>{n} 个资料库</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{n} library</source>
        <translation>{n} 个资料库</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{n} passage</source>
        <translation>{n} 个段落</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{n} passages</source>
        <translation>{n} 个段落</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{n} queued</source>
        <translation>{n} 个排队</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{n} scan without text</source>
        <translation>{n} 个扫描件无文字</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{n} scans without text</source>
        <translation>{n} 个扫描件无文字</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{n} skipped</source>
        <translation>{n} 个跳过</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{percent} %</source>
        <translation>{percent}%</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/library/summary.py"/>
        <source>{size}/s</source>
        <translation>{size}/秒</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/main_window.py"/>
        <source>It lies at {path}.</source>
        <translation>保存在 {path}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/main_window.py"/>
        <source>Open this link in your browser? It may use the network.</source>
        <translation>在浏览器中打开这个链接？可能会使用网络。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/main_window.py"/>
        <source>The chat is saved</source>
        <translation>对话已保存</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>Change</source>
        <translation>更换</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>Downloads are off, so nothing is fetched. Turn them on in the settings of the network first.</source>
        <translation>下载功能已关闭，不会获取任何内容。请先在“网络”设置中打开。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>Download…</source>
        <translation>下载…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>Fetch from</source>
        <translation>下载来源</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>Go on…</source>
        <translation>继续…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>Measuring what the change takes…</source>
        <translation>正在测算更换所需的时间和空间…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>Network settings…</source>
        <translation>网络设置…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>Stop using</source>
        <translation>停用</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>The vector of the one passage is there already.</source>
        <translation>唯一的段落已有向量。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>The vectors of all {n} passages are there.</source>
        <translation>全部 {n} 个段落都已有向量。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>This deletes its files: {size}. To have it again, it must be fetched or imported once more.</source>
        <translation>这会删除它的文件（{size}）。以后要用需重新下载或导入。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>This deletes what was fetched so far.</source>
        <translation>这会删除已下载的部分。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>This uses the network: about {size} are fetched. It can be stopped and gone on with.</source>
        <translation>这会使用网络，下载约 {size}。可以随时停止，之后再继续。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>about {size} on the disk, {free} are free</source>
        <translation>约占磁盘 {size}（可用 {free}）</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>it takes about {time}</source>
        <translation>约需 {time}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>{costs}. Until it is done, the embedder in use answers.</source>
        <translation>{costs}。完成之前仍使用当前的向量模型。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>{n} are known</source>
        <translation>{n} 个已有</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>{n} is known</source>
        <translation>{n} 个已有</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>{n} passage gets a new vector</source>
        <translation>{n} 个段落需生成新向量</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/card.py"/>
        <source>{n} passages get new vectors</source>
        <translation>{n} 个段落需生成新向量</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/page.py"/>
        <source>Hide what can be downloaded</source>
        <translation>收起可下载的模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/page.py"/>
        <source>Import a folder with a model</source>
        <translation>导入模型文件夹</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/page.py"/>
        <source>Import a model</source>
        <translation>导入模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/page.py"/>
        <source>Import file…</source>
        <translation>导入文件…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/page.py"/>
        <source>Import folder…</source>
        <translation>导入文件夹…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/page.py"/>
        <source>Looking at your models</source>
        <translation>正在查看模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/page.py"/>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/page.py"/>
        <source>Models (*.gguf *.onnx);;All files (*)</source>
        <translation>模型 (*.gguf *.onnx);;所有文件 (*)</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/page.py"/>
        <source>Only what fits into this machine's memory</source>
        <translation>只显示本机内存装得下的</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/page.py"/>
        <source>Remote model</source>
        <translation>远程模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/page.py"/>
        <source>The library is being opened.</source>
        <translation>正在打开资料库。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/page.py"/>
        <source>let go to import it as a model</source>
        <translation>松开即作为模型导入</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/page.py"/>
        <source>or drop a model here</source>
        <translation>或将模型拖放到此处</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/page.py"/>
        <source>{n} model can be downloaded…</source>
        <translation>可下载 {n} 个模型…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/page.py"/>
        <source>{n} models can be downloaded…</source>
        <translation>可下载 {n} 个模型…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/progress.py"/>
        <source>Downloading</source>
        <translation>正在下载</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/progress.py"/>
        <source>Getting ready</source>
        <translation>正在准备</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/progress.py"/>
        <source>Importing</source>
        <translation>正在导入</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/progress.py"/>
        <source>from {host}</source>
        <translation>来自 {host}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/progress.py"/>
        <source>trying it out</source>
        <translation>正在试运行</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/progress.py"/>
        <source>{done} of {n} passage</source>
        <translation>{n} 个段落中的 {done} 个</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/progress.py"/>
        <source>{done} of {n} passages</source>
        <translation>{n} 个段落中的 {done} 个</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/progress.py"/>
        <source>{done} of {total}</source>
        <translation>{done} / {total}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/progress.py"/>
        <source>{n} a second</source>
        <translation>每秒 {n} 个</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/progress.py"/>
        <source>{size} a second</source>
        <translation>每秒 {size}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/remote_box.py"/>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/remote_box.py"/>
        <source>Allow a remote model to be asked</source>
        <translation>允许询问远程模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/remote_box.py"/>
        <source>Forget key</source>
        <translation>删除密钥</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/remote_box.py"/>
        <source>Keep key</source>
        <translation>保存密钥</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/remote_box.py"/>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/remote_box.py"/>
        <source>Name of the model</source>
        <translation>模型名称</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/remote_box.py"/>
        <source>Questions that go there leave this machine, with the passages that belong to them.</source>
        <translation>发往远程模型的问题及其相关段落会离开本机。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/remote_box.py"/>
        <source>Test: ask for one word</source>
        <translation>测试：请它回一个词</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/remote_box.py"/>
        <source>When it is asked</source>
        <translation>何时询问</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/remote_box.py"/>
        <source>for every answer</source>
        <translation>每次回答都询问</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/remote_box.py"/>
        <source>kept in the system's keyring</source>
        <translation>保存在系统密钥环中</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/remote_box.py"/>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/remote_box.py"/>
        <source>taken from HXD_REMOTE_KEY</source>
        <translation>取自 HXD_REMOTE_KEY</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/remote_box.py"/>
        <source>where this machine finds no answer</source>
        <translation>本机找不到答案时</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>Built in</source>
        <translation>内置</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>Embedder</source>
        <translation>向量模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>Finds passages by meaning. Changing it makes the vectors of all documents anew, beside the old ones.</source>
        <translation>按含义查找段落。更换后会为所有文档重新生成向量，旧向量在此期间继续使用。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>Language model</source>
        <translation>语言模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>Quotations</source>
        <translation>引用原文</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>Reads the best passages once more and puts them in order. Optional.</source>
        <translation>把最相关的段落再读一遍并重新排序。可选。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>Reranker</source>
        <translation>重排模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>Writes the answers. Without one, answers are quotations from your documents.</source>
        <translation>撰写回答。没有语言模型时，回答直接引用文档原文。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>any language</source>
        <translation>任何语言</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>comes with the application</source>
        <translation>随应用提供</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>files missing</source>
        <translation>文件缺失</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>graphics card through {name}</source>
        <translation>通过 {name} 使用显卡</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>llama.cpp is not installed: language models cannot run</source>
        <translation>未安装 llama.cpp，无法运行语言模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>needs about {size} of memory</source>
        <translation>约需内存 {size}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>needs about {size} of memory: fits</source>
        <translation>约需内存 {size}：装得下</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>needs about {size} of memory: fits when other programs are closed</source>
        <translation>约需内存 {size}：关闭其他程序后装得下</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>needs about {size} of memory: more than this machine has</source>
        <translation>约需内存 {size}：超出本机内存</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>needs next to no memory</source>
        <translation>几乎不占内存</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>no graphics card: llama.cpp is built for the processor</source>
        <translation>未使用显卡：llama.cpp 按处理器版本编译</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>partly fetched</source>
        <translation>下载了一部分</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>verified</source>
        <translation>已验证</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>{free} of {total} memory free</source>
        <translation>内存可用 {free}，共 {total}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/rows.py"/>
        <source>{n} cores</source>
        <translation>{n} 核</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/session.py"/>
        <source>Applied</source>
        <translation>已应用</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/session.py"/>
        <source>Asking…</source>
        <translation>正在询问…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/session.py"/>
        <source>It says: {text}</source>
        <translation>它回答：{text}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/session.py"/>
        <source>Something unexpected happened</source>
        <translation>发生了意外错误</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/session.py"/>
        <source>The key is forgotten</source>
        <translation>密钥已删除</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/session.py"/>
        <source>The key is kept</source>
        <translation>密钥已保存</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/session.py"/>
        <source>The log says more.</source>
        <translation>日志中有更多信息。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/session.py"/>
        <source>This is a fault of the application, not of your documents.</source>
        <translation>这是应用程序的问题，与你的文档无关。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/trial_box.py"/>
        <source>Loading the model…</source>
        <translation>正在加载模型…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/trial_box.py"/>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/trial_box.py"/>
        <source>Reply</source>
        <translation>回复</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/trial_box.py"/>
        <source>Say in one sentence what you can do.</source>
        <translation>用一句话说说你能做什么。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/trial_box.py"/>
        <source>Try it</source>
        <translation>试用</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/trial_box.py"/>
        <source>Writing…</source>
        <translation>正在撰写…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/trial_box.py"/>
        <source>context of {n} tokens</source>
        <translation>上下文 {n} 个词元</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/trial_box.py"/>
        <source>first word after {time}</source>
        <translation>{time} 后出现第一个词</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/trial_box.py"/>
        <source>{device}, {n} of {all} layers</source>
        <translation>{device}，{all} 层中的 {n} 层</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/manage/trial_box.py"/>
        <source>{n} tokens a second</source>
        <translation>每秒 {n} 个词元</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/moving/session.py"/>
        <source>Everything is still in {path}.</source>
        <translation>一切仍在 {path}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/moving/session.py"/>
        <source>It is at {path} now. What names the old place leads there.</source>
        <translation>现在位于 {path}。指向旧位置的名称会自动通向那里。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/moving/session.py"/>
        <source>The data folder was moved</source>
        <translation>数据文件夹已移动</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/moving/session.py"/>
        <source>The data folder was not moved</source>
        <translation>数据文件夹没有移动</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/moving/window.py"/>
        <source>Comparing: {done} of {total}</source>
        <translation>正在比对：{done} / {total}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/moving/window.py"/>
        <source>Copying: {done} of {total}</source>
        <translation>正在复制：{done} / {total}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/moving/window.py"/>
        <source>From {source} to {target}</source>
        <translation>从 {source} 到 {target}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/moving/window.py"/>
        <source>Moving the data folder</source>
        <translation>正在移动数据文件夹</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/moving/window.py"/>
        <source>Nothing is removed before the new place has opened. The window comes back by itself.</source>
        <translation>新位置打开之前，什么都不会删除。窗口会自己回来。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/moving/window.py"/>
        <source>Opening the new place…</source>
        <translation>正在打开新位置…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/moving/window.py"/>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/moving/window.py"/>
        <source>Switching…</source>
        <translation>正在切换…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/opening.py"/>
        <source>Choose one in your system's settings, or open the file from {folder}.</source>
        <translation>请在系统设置中选择一个程序，或从 {folder} 打开该文件。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/opening.py"/>
        <source>Its index is brought up to date as soon as the folder can be read.</source>
        <translation>文件夹可读后，索引会立即更新。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/opening.py"/>
        <source>No program is set up to open {name}.</source>
        <translation>系统没有设置打开 {name} 的程序。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/opening.py"/>
        <source>No program is set up to show {path}.</source>
        <translation>没有可显示 {path} 的程序。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/opening.py"/>
        <source>The file could not be opened</source>
        <translation>无法打开文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/opening.py"/>
        <source>The file is not there</source>
        <translation>文件不在原处</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/opening.py"/>
        <source>The folder could not be opened</source>
        <translation>无法打开文件夹</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/opening.py"/>
        <source>{path} was moved or deleted, or its drive is not connected.</source>
        <translation>{path} 已被移动或删除，或其所在磁盘未连接。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/paper/pieces.py"/>
        <source>Slide {n}</source>
        <translation>第 {n} 张幻灯片</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/paper/pieces.py"/>
        <source>[picture: {what}]</source>
        <translation>［图片：{what}］</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/chart.py"/>
        <source>{name}: from {first} to {last}, highest {top} at {x}</source>
        <translation>{name}：从 {first} 到 {last}，最高 {top}，位于 {x}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/chart.py"/>
        <source>{name}: {total} in all, most at {x}</source>
        <translation>{name}：共 {total} 个，{x} 处最多</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/kinds.py"/>
        <source>Does the probability mean what it says?</source>
        <translation>概率是否名副其实？</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/kinds.py"/>
        <source>F1 over the limit</source>
        <translation>F1 随界限的变化</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/kinds.py"/>
        <source>Is the answer among the best passages?</source>
        <translation>答案是否在最佳段落之中？</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/kinds.py"/>
        <source>Precision and recall of answering</source>
        <translation>回答的精确率与召回率</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/kinds.py"/>
        <source>The lines across are what HuixiangDou published: on its own questions, each at its best limit.</source>
        <translation>横线是茴香豆公布的结果：在它自己的问题上，各取最佳界限。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/kinds.py"/>
        <source>Upwards: what should be answered. Downwards: what should be refused.</source>
        <translation>向上：应回答的问题。向下：应拒答的问题。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/kinds.py"/>
        <source>as it should be</source>
        <translation>理想情况</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/kinds.py"/>
        <source>best passages</source>
        <translation>最佳段落数</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/kinds.py"/>
        <source>in force</source>
        <translation>当前界限</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/kinds.py"/>
        <source>probability that it is covered</source>
        <translation>文档涉及该问题的概率</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/kinds.py"/>
        <source>refusal score</source>
        <translation>拒答分数</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/kinds.py"/>
        <source>share</source>
        <translation>比例</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/kinds.py"/>
        <source>share of the questions</source>
        <translation>问题的比例</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/kinds.py"/>
        <source>share that is covered</source>
        <translation>实际涉及的比例</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/widget.py"/>
        <source>Copy the picture</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/widget.py"/>
        <source>No plot</source>
        <translation>没有图表</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/widget.py"/>
        <source>Pictures (*.png)</source>
        <translation>图片 (*.png)</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/widget.py"/>
        <source>Save the numbers…</source>
        <translation>保存数据…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/widget.py"/>
        <source>Save the picture…</source>
        <translation>保存图片…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/widget.py"/>
        <source>The plot could not be saved</source>
        <translation>无法保存图表</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/plots/widget.py"/>
        <source>{path} cannot be written.</source>
        <translation>无法写入 {path}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/data_page.py"/>
        <source>Back up</source>
        <translation>备份</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/data_page.py"/>
        <source>Back up…</source>
        <translation>备份…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/data_page.py"/>
        <source>Backed up to {path}: {size}, before packing.</source>
        <translation>已备份到 {path}：压缩前 {size}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/data_page.py"/>
        <source>Backups (*.zip)</source>
        <translation>备份 (*.zip)</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/data_page.py"/>
        <source>Choose a backup</source>
        <translation>选择备份文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/data_page.py"/>
        <source>Choose an empty folder</source>
        <translation>选择空文件夹</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/data_page.py"/>
        <source>Copy the line that starts with it</source>
        <translation>复制启动命令</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/data_page.py"/>
        <source>It holds libraries, conversations, settings and models. Your documents stay where they are.</source>
        <translation>这里保存资料库、对话、设置和模型。你的文档仍在原处。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/data_page.py"/>
        <source>Measuring its size…</source>
        <translation>正在计算大小…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/data_page.py"/>
        <source>Restored into {path}: {size}. Close this window and start with that folder.</source>
        <translation>已恢复到 {path}（{size}）。请关闭窗口并用该文件夹启动。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/data_page.py"/>
        <source>Restore…</source>
        <translation>恢复…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/data_page.py"/>
        <source>With the imported models</source>
        <translation>包括导入的模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/dialog.py"/>
        <source>Defaults of this page</source>
        <translation>恢复本页默认值</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/dialog.py"/>
        <source>Topics</source>
        <translation>主题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>A key for the whole system is one key with Ctrl, Alt or the system's key held.</source>
        <translation>全局快捷键须是一个键加上 Ctrl、Alt 或系统键。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>A question must not contain</source>
        <translation>问题不得包含</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>A remote model may be asked</source>
        <translation>允许询问远程模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>A written answer may not contain</source>
        <translation>模型撰写的回答不得包含</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Addresses of Hugging Face and its mirrors</source>
        <translation>Hugging Face 及其镜像的地址</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Addresses of ModelScope</source>
        <translation>ModelScope 的地址</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Ask first</source>
        <translation>优先使用</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Bring the window forward from anywhere by a key</source>
        <translation>在任何地方用快捷键唤出窗口</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>By the language model, before they are searched.</source>
        <translation>搜索之前由语言模型改写。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Changing it cuts every document anew.</source>
        <translation>更改后会重新切分所有文档。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Complete follow-ups from the conversation</source>
        <translation>根据对话补全追问</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Context of a remote model</source>
        <translation>远程模型的上下文</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Costs a second prompt.</source>
        <translation>需要多运行一次模型。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Documents</source>
        <translation>文档</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Downloads are allowed at all</source>
        <translation>允许下载</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Each download asks once more and says how much is fetched.</source>
        <translation>每次下载前都会再次询问，并说明下载多少。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Embedder and reranker run</source>
        <translation>向量与重排模型运行于</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Every document is cut anew and gets new vectors. Until then, words find what vectors do not.</source>
        <translation>所有文档将重新切分并生成新向量。完成之前可按词语查找。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Files to leave out</source>
        <translation>忽略的文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Flash attention</source>
        <translation>Flash attention</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Folders are followed meanwhile; Quit in the menu ends it.</source>
        <translation>期间继续跟踪文件夹；用菜单中的“退出”结束。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Follow the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Free the memory after</source>
        <translation>空闲多久后释放内存</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Go on in the tray when the window is closed</source>
        <translation>关闭窗口后在托盘中继续运行</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Half or a quarter of the memory, a little less exactly.</source>
        <translation>内存占用降到一半或四分之一，精度略有损失。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Keep the context</source>
        <translation>上下文的存储格式</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Largest file</source>
        <translation>最大文件</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Layers on the graphics card</source>
        <translation>放在显卡上的层数</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Less is taken where there is no memory for it.</source>
        <translation>内存不足时会自动减小。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Let the language model judge its own answers</source>
        <translation>让语言模型评判自己的回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Longest passage</source>
        <translation>段落最大长度</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Longest passage in Chinese</source>
        <translation>中文段落最大长度</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Longest quotation</source>
        <translation>引文最大长度</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Longest silence of a remote model</source>
        <translation>远程模型最长无响应时间</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Longest time for a file</source>
        <translation>单个文件最长读取时间</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Longest time for a scanned page</source>
        <translation>单个扫描页最长识别时间</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Longest written answer</source>
        <translation>模型回答最大长度</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Look at unwatched folders every</source>
        <translation>轮询无法监视的文件夹的间隔</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Look for newer versions</source>
        <translation>检查新版本</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Mark how harmful the reply is</source>
        <translation>给回复的有害程度打分</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Mark how well passages fit</source>
        <translation>给段落的相关程度打分</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Mark whether it is a question</source>
        <translation>给“是否是提问”打分</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Mark whether the reply does not know</source>
        <translation>给“是否答不上来”打分</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Marks by the language model</source>
        <translation>由语言模型打分</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Most memory for a file</source>
        <translation>单个文件最大内存</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Most memory for scanned pages</source>
        <translation>识别扫描页的最大内存</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>No answer may contain</source>
        <translation>任何回答不得包含</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Not shown from this harm on</source>
        <translation>有害程度达到此值即不显示</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Of an answer without a language model; lists and several questions get more.</source>
        <translation>适用于没有语言模型时的回答；列表和多个问题会更长。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Off: neither the window nor “hxd models download” fetches anything.</source>
        <translation>关闭后，窗口和“hxd models download”都不会下载任何内容。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Once a day at most. Nothing is downloaded or installed.</source>
        <translation>每天最多一次。不会下载或安装任何东西。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>One a line: words, or a regular expression between slashes. Quotations are held to it too.</source>
        <translation>每行一条：词语，或写在斜线之间的正则表达式。引文同样受限。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>One key with Ctrl, Alt or the system's key. On Wayland, the desktop asks you first.</source>
        <translation>一个键加上 Ctrl、Alt 或系统键。在 Wayland 上，桌面会先征求你的同意。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Other ways of asking</source>
        <translation>换几种问法</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Patterns as in .gitignore, one a line.</source>
        <translation>与 .gitignore 写法相同，每行一条。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Processes that read files</source>
        <translation>读取文件的进程数</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Questions and their passages leave this machine. It is named on the page of models.</source>
        <translation>问题及相关段落会离开本机。在“模型”页面中设置。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Read by</source>
        <translation>识别引擎</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Rewrite questions</source>
        <translation>改写问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Room for sources in a prompt</source>
        <translation>提示词中留给来源的空间</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Safety</source>
        <translation>安全</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Say when read with less confidence than</source>
        <translation>识别置信度低于此值时提示</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Scanned pages</source>
        <translation>扫描页</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Sources of an answer</source>
        <translation>每个回答的来源数</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>The address of a feed of releases; empty for the one that this application was built with.</source>
        <translation>版本发布源的地址；留空则用构建本程序时指定的地址。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>The folders are looked at once more.</source>
        <translation>将重新扫描各文件夹。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>The key for that</source>
        <translation>唤出窗口的快捷键</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>The language model is loaded anew with the next question.</source>
        <translation>下次提问时会重新加载语言模型。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>They stand in the record of an answer.</source>
        <translation>分数会记入回答的记录。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>This window may download models</source>
        <translation>允许在窗口中下载模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Threads</source>
        <translation>线程数</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Tokens read at a time</source>
        <translation>每次读取的词元数</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Where to look</source>
        <translation>到哪里检查</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>Without a question; the next one loads it.</source>
        <translation>一段时间没有提问就释放；下次提问时再加载。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>always</source>
        <translation>总是</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>as many as fit</source>
        <translation>尽可能多</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>characters</source>
        <translation>字符</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>left unread</source>
        <translation>不识别</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>never</source>
        <translation>从不</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>on a graphics card</source>
        <translation>使用显卡时</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>on a graphics card where one works</source>
        <translation>可用时在显卡上</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>on the processor</source>
        <translation>处理器上</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>one a core</source>
        <translation>每核一个</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>one a core, four at most</source>
        <translation>每核一个，最多四个</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>read where an engine is there</source>
        <translation>有识别引擎时识别</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>whichever is there</source>
        <translation>可用的引擎</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>{entry} is not a regular expression: {why}</source>
        <translation>{entry} 不是正则表达式：{why}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/fields.py"/>
        <source>{entry} is not an address like https://host</source>
        <translation>{entry} 不是 https://host 这样的地址</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/move_box.py"/>
        <source>Move</source>
        <translation>移动</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/move_box.py"/>
        <source>Move the data folder to</source>
        <translation>把数据文件夹移动到</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/move_box.py"/>
        <source>Move the data folder to {path}?</source>
        <translation>把数据文件夹移动到 {path}？</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/move_box.py"/>
        <source>Move…</source>
        <translation>移动…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/move_box.py"/>
        <source>To another folder or disk of this machine. The window closes meanwhile and comes back by itself.</source>
        <translation>移动到本机的另一个文件夹或磁盘。期间窗口会关闭，完成后自己回来。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/move_box.py"/>
        <source>{size} are copied and compared, and then removed from {source}. {free} are free there.</source>
        <translation>复制并比对 {size}，然后从 {source} 删除。目标位置剩余 {free}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/move_box.py"/>
        <source>{title}. {message} {remedy}</source>
        <translation>{title}。{message}{remedy}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/system_box.py"/>
        <source>Start at login</source>
        <translation>登录时启动</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/system_box.py"/>
        <source>This system has no tray, so closing the window quits.</source>
        <translation>本系统没有托盘，关闭窗口即退出。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/updates_box.py"/>
        <source>Look now</source>
        <translation>立即检查</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/preferences/updates_box.py"/>
        <source>Looking…</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/problems.py"/>
        <source>Copy the details and report them; your documents and library are unharmed.</source>
        <translation>请复制详情并反馈；你的文档和资料库没有受到影响。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/rich_text.py"/>
        <source>Link: {text}</source>
        <translation>链接：{text}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/filters.py"/>
        <source>All folders</source>
        <translation>所有文件夹</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/filters.py"/>
        <source>All languages</source>
        <translation>所有语言</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/filters.py"/>
        <source>All libraries</source>
        <translation>所有资料库</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/filters.py"/>
        <source>All types</source>
        <translation>所有类型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/filters.py"/>
        <source>Any time</source>
        <translation>任何时间</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/filters.py"/>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/filters.py"/>
        <source>Clear filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/filters.py"/>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/filters.py"/>
        <source>Japanese</source>
        <translation>日文</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/filters.py"/>
        <source>Korean</source>
        <translation>韩文</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/filters.py"/>
        <source>Last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/filters.py"/>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/filters.py"/>
        <source>Last year</source>
        <translation>最近一年</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/filters.py"/>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/page.py"/>
        <source>Add a folder, and search it here.</source>
        <translation>添加一个文件夹，就可以在这里搜索。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/page.py"/>
        <source>Ask about it</source>
        <translation>就此提问</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/page.py"/>
        <source>No passage fits “{query}”.</source>
        <translation>没有与“{query}”相符的段落。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/page.py"/>
        <source>Nothing found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/page.py"/>
        <source>Nothing to search yet</source>
        <translation>还没有可搜索的内容</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/page.py"/>
        <source>Passages found</source>
        <translation>找到的段落</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/page.py"/>
        <source>Passages that fit best appear as you type, whatever the limit for answers is.</source>
        <translation>输入时会显示最相符的段落，与回答的界限无关。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/page.py"/>
        <source>Search without a chat</source>
        <translation>不经对话直接搜索</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/page.py"/>
        <source>Search your documents</source>
        <translation>搜索你的文档</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/page.py"/>
        <source>Searching the documents</source>
        <translation>正在检索文档</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/page.py"/>
        <source>Show more</source>
        <translation>显示更多</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/search/page.py"/>
        <source>{passages} in {files} · {time}</source>
        <translation>{files}中的 {passages} · {time}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/status_line.py"/>
        <source>Answers: quotations</source>
        <translation>回答方式：引用原文</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/status_line.py"/>
        <source>Answers: {model}</source>
        <translation>回答模型：{model}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/status_line.py"/>
        <source>GPU {layers}/{all} layers</source>
        <translation>GPU {layers}/{all} 层</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/status_line.py"/>
        <source>offline, but for looking for newer versions</source>
        <translation>离线（仅检查新版本时联网）</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/status_line.py"/>
        <source>offline: no network used</source>
        <translation>离线：不使用网络</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/status_line.py"/>
        <source>remote model allowed: {model}</source>
        <translation>已允许远程模型：{model}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/status_line.py"/>
        <source>{speed} tok/s</source>
        <translation>{speed} 词元/秒</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/hotkey.py"/>
        <source>Another program has this combination already.</source>
        <translation>别的程序已经占用了这个组合。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/hotkey.py"/>
        <source>Apply it again to be asked once more.</source>
        <translation>再应用一次，就会重新询问。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/hotkey.py"/>
        <source>Asking the system for {keys}…</source>
        <translation>正在向系统申请 {keys}…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/hotkey.py"/>
        <source>Bind the command `hxd` in your system's keyboard settings: it brings this window to the front.</source>
        <translation>请在系统的键盘设置里为命令 `hxd` 指定快捷键：它会把这个窗口带到最前。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/hotkey.py"/>
        <source>Choose another one, or free it in that program.</source>
        <translation>请换一个组合，或在那个程序里取消它。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/hotkey.py"/>
        <source>Choose another one.</source>
        <translation>请换一个组合。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/hotkey.py"/>
        <source>It is not one key with Ctrl, Alt or the system's key held.</source>
        <translation>它不是一个键加上 Ctrl、Alt 或系统键。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/hotkey.py"/>
        <source>Neither it nor its desktop lets an application take one.</source>
        <translation>系统和桌面都不允许程序占用快捷键。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/hotkey.py"/>
        <source>Show HXD Desktop</source>
        <translation>显示 HXD Desktop</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/hotkey.py"/>
        <source>The desktop did not give {keys}</source>
        <translation>桌面没有给出 {keys}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/hotkey.py"/>
        <source>This keyboard does not have one of its keys.</source>
        <translation>这个键盘上没有其中某个键。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/hotkey.py"/>
        <source>This system offers no key for the whole system</source>
        <translation>这个系统不提供全局快捷键</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/hotkey.py"/>
        <source>You or your desktop's settings declined it.</source>
        <translation>你或桌面的设置拒绝了它。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/hotkey.py"/>
        <source>{keys} brings this window to the front.</source>
        <translation>{keys} 会把这个窗口带到最前。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/hotkey.py"/>
        <source>{keys} cannot be used</source>
        <translation>{keys} 无法使用</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/hotkey.py"/>
        <source>{keys} is taken</source>
        <translation>{keys} 已被占用</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/system/tray.py"/>
        <source>Show the window</source>
        <translation>显示窗口</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>HXD Desktop {version} is out</source>
        <translation>HXD Desktop {version} 已发布</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>Last looked at {when}, in vain: {why}.</source>
        <translation>上次检查：{when}，没有结果：{why}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>Last looked at {when}.</source>
        <translation>上次检查：{when}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>Newer versions are not looked for.</source>
        <translation>不检查新版本。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>No feed is set, and this application was built without one: nobody is asked.</source>
        <translation>没有设置发布源，构建本程序时也没有指定：不会询问任何地址。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>Not looked yet.</source>
        <translation>还没有检查过。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>Nothing was downloaded. Your settings say where newer versions are looked for.</source>
        <translation>没有下载任何东西。到哪里检查新版本，由设置决定。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>This is {current}, the newest that is known.</source>
        <translation>当前是 {current}，已知的最新版本。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>it answers with status {n}</source>
        <translation>对方返回状态码 {n}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>it cannot be reached</source>
        <translation>无法连接</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>it is not JSON</source>
        <translation>内容不是 JSON</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>it is too large</source>
        <translation>内容太大</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>it names no released version</source>
        <translation>其中没有已发布的版本</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>it sends on again and again</source>
        <translation>一再被重定向</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>it sends on to another host</source>
        <translation>被重定向到另一台主机</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>it sends something packed</source>
        <translation>内容经过压缩</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>it takes too long</source>
        <translation>等待时间太长</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>its address is not an https address</source>
        <translation>地址不是 https 地址</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>the connection broke off</source>
        <translation>连接中断</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/updates.py"/>
        <source>{version} is out; this is {current}.</source>
        <translation>{version} 已发布；当前是 {current}。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/welcome.py"/>
        <source>Ask about something that stands in your documents.</source>
        <translation>问一个文档里写到的问题。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/welcome.py"/>
        <source>Ask something</source>
        <translation>提一个问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/welcome.py"/>
        <source>Choose or import a model…</source>
        <translation>选择或导入模型…</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/welcome.py"/>
        <source>Drop a folder anywhere on this window, or choose one.</source>
        <translation>把文件夹拖到窗口任意位置，或选择一个。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/welcome.py"/>
        <source>First steps</source>
        <translation>第一步</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/welcome.py"/>
        <source>First, documents are needed.</source>
        <translation>请先添加文档。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/welcome.py"/>
        <source>How shall answers be written?</source>
        <translation>怎样撰写回答？</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/welcome.py"/>
        <source>One of these, for instance; the last is not covered and shows how that looks.</source>
        <translation>例如下面几个；最后一个文档里没有写到，可以看看拒答是什么样子。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/welcome.py"/>
        <source>Skip this page</source>
        <translation>跳过此页</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/welcome.py"/>
        <source>Start without one</source>
        <translation>先不用模型</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/welcome.py"/>
        <source>Three steps; each can be taken later as well. Nothing leaves this computer.</source>
        <translation>共三步，每一步都可以以后再做。任何内容都不会离开这台电脑。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/welcome.py"/>
        <source>Welcome</source>
        <translation>欢迎</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/welcome.py"/>
        <source>Without a language model, answers are quotations from your documents. That needs nothing further.</source>
        <translation>没有语言模型时，回答直接引用文档原文，无需任何准备。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/welcome.py"/>
        <source>{n} document can be asked by now.</source>
        <translation>现在可以就 {n} 个文档提问。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/welcome.py"/>
        <source>{n} documents can be asked by now.</source>
        <translation>现在可以就 {n} 个文档提问。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>A passage holds most of what the question says</source>
        <translation>有段落含有问题的大部分内容</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>A passage is near in meaning</source>
        <translation>有段落语义接近</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>A passage names what is asked for</source>
        <translation>有段落给出了所问的内容</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Amount of subject</source>
        <translation>问题的内容多少</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>An answer was written, but the sources do not support it, so it is not shown.</source>
        <translation>已经写出回答，但来源不支持它，因此不予显示。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Answer checked</source>
        <translation>核对回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Answer written</source>
        <translation>写出回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Answered because you asked for it; the documents may not cover this</source>
        <translation>应你的要求作答；文档可能没有涵盖这个问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Answered from {n} source</source>
        <translation>依据 {n} 个来源作答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Answered from {n} sources</source>
        <translation>依据 {n} 个来源作答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Ask something about your documents, and the answer will name its sources.</source>
        <translation>请就你的文档提问，回答会注明来源。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Asks about right now</source>
        <translation>问的是当下情况</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Best passage covers</source>
        <translation>最佳段落的涵盖</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Both together</source>
        <translation>综合</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Checking the answer against its sources</source>
        <translation>正在对照来源核对回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Comparing the passages</source>
        <translation>正在比较段落</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Covered in a few sentences</source>
        <translation>几句之内的涵盖</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Covered in two sentences</source>
        <translation>两句之内的涵盖</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Covered or not</source>
        <translation>是否涵盖</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Deciding whether the documents cover it</source>
        <translation>正在判断文档是否涵盖</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Does the answer know</source>
        <translation>回答是否知道答案</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Few passages touch on it</source>
        <translation>只有零星段落沾边</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Five best passages cover</source>
        <translation>最佳五段的涵盖</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Foreign to the documents</source>
        <translation>与文档语言不同</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Gathering the sources</source>
        <translation>正在汇集来源</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Is a passage relevant</source>
        <translation>段落是否相关</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Is it a question</source>
        <translation>是否提问</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Is the answer safe</source>
        <translation>回答是否安全</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>It asks for the present state of things</source>
        <translation>它问的是当下的情况</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>It does not ask for the present</source>
        <translation>它问的不是当下的情况</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>It does not look like a subject of these documents</source>
        <translation>它不像是这些文档的主题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>It hardly looks like a question about something</source>
        <translation>它不太像一个有明确内容的问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>It is a question about something</source>
        <translation>它是一个有明确内容的问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>It is a subject of these documents</source>
        <translation>它是这些文档的主题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>It is in the documents' language</source>
        <translation>它与文档语言相同</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>It is not in the documents' language</source>
        <translation>它与文档语言不同</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Longest literal stretch</source>
        <translation>最长原文片段</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Looks like a question</source>
        <translation>像提问的程度</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Meaning (vectors)</source>
        <translation>语义（向量）</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Names what is asked for</source>
        <translation>提到所问的对象</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Nearness in meaning</source>
        <translation>语义接近程度</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Neighbouring words kept</source>
        <translation>相邻词语一起出现</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>No passage holds enough of what the question says</source>
        <translation>没有段落含有问题的足够内容</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>No passage is near in meaning</source>
        <translation>没有段落语义接近</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>No passage names what is asked for</source>
        <translation>没有段落给出所问的内容</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>No weighty word missing</source>
        <translation>没有缺少重要的词</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Not a question to the documents</source>
        <translation>不是针对文档的问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Nothing is indexed yet</source>
        <translation>还没有建立索引</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>OCR confidence</source>
        <translation>OCR 置信度</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>One document covers</source>
        <translation>同一文档包含的比例</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Passages compared</source>
        <translation>比较段落</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Passages on the subject were found, but none that answers the question.</source>
        <translation>找到了相关段落，但没有一段回答这个问题。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Passages that agree</source>
        <translation>说法一致的段落</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Question covered</source>
        <translation>对问题的涵盖</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Question read</source>
        <translation>理解问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Question rewritten</source>
        <translation>问题改写</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Rank of the ten best</source>
        <translation>最佳十段的排序分</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Reading the question</source>
        <translation>正在理解问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Refused: no passage answers this</source>
        <translation>拒答：没有段落能回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Refused: not safe to answer</source>
        <translation>拒答：回答不安全</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Refused: the answer was not supported by the sources</source>
        <translation>拒答：来源不支持写出的回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Refused: the documents do not cover this</source>
        <translation>拒答：文档没有涵盖这个问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Reranked</source>
        <translation>重排</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Rewriting the question</source>
        <translation>正在改写问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Several passages are about it</source>
        <translation>有多个段落讨论它</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Share of them that agree</source>
        <translation>说法一致的比例</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Sources gathered</source>
        <translation>汇集来源</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Strength of the words</source>
        <translation>词语的强度</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Subject at home here</source>
        <translation>主题词在资料库中常见</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Subject at home, all words</source>
        <translation>全部主题词的常见程度</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Subject words missing</source>
        <translation>缺少的主题词</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Ten best passages cover</source>
        <translation>最佳十段的涵盖</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>The documents do not seem to cover this question.</source>
        <translation>文档似乎没有涵盖这个问题。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>The question could not be finished.</source>
        <translation>这个问题没能处理完。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>The same in ten passages</source>
        <translation>十段中的平均</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>The sources disagree: {said}</source>
        <translation>来源说法不一：{said}</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>The very unit asked for</source>
        <translation>正是所问的单位</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>There is nothing to search yet. Add a folder, and ask again.</source>
        <translation>还没有可检索的内容。请添加文件夹后再提问。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>This is not answered because it could do harm.</source>
        <translation>回答可能造成伤害，因此不予回答。</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Typical of these documents</source>
        <translation>这些文档的典型用词</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Typical, all words</source>
        <translation>典型用词（全部）</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Waiting, {n} question before this</source>
        <translation>等待中，前面还有 {n} 个问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Waiting, {n} questions before this</source>
        <translation>等待中，前面还有 {n} 个问题</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Weighing question and passages</source>
        <translation>正在给问题和段落打分</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Weighing the answer</source>
        <translation>正在给回答打分</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Words (BM25)</source>
        <translation>词语（BM25）</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Words beside a possible answer</source>
        <translation>可能的答案旁的词</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Words foreign to them</source>
        <translation>对文档陌生的词</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Words in a heading</source>
        <translation>词语出现在标题中</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Words known here</source>
        <translation>资料库包含的词语</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Working</source>
        <translation>处理中</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Writing the answer</source>
        <translation>正在写回答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Your examples answer questions like it</source>
        <translation>你给的例子把类似的问题判为应作答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>Your examples refuse questions like it</source>
        <translation>你给的例子把类似的问题判为应拒答</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>left out</source>
        <translation>略过</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>passed</source>
        <translation>通过</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>stopped</source>
        <translation>停止</translation>
    </message>
    <message>
        <location filename="../../hxd_desktop/ui/wording.py"/>
        <source>{verdict}, shown only</source>
        <translation>{verdict}（仅供参考）</translation>
    </message>
</context>
</TS>
