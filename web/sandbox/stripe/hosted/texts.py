"""What the hosted pages say, in English and Simplified Chinese. They run without Galleria's catalogues."""

from collections.abc import Callable

LANGUAGES = ("en", "zh")
_CHINESE = {
    "Pay": "支付",
    "Pay {amount}": "支付 {amount}",
    "Test payment: no money moves.": "测试支付：不会产生真实扣款。",
    "Amount due": "应付金额",
    "Payment method": "支付方式",
    "Card": "银行卡",
    "Alipay": "支付宝",
    "WeChat Pay": "微信支付",
    "Card number": "卡号",
    "Expiry date": "有效期",
    "Month / year, such as 12/34": "月/年，例如 12/34",
    "Security code": "安全码",
    "The three or four digits on the card": "卡上的三位或四位数字",
    "Use a test card": "使用测试卡",
    "Succeeds": "支付成功",
    "Is declined": "被拒绝",
    "Has too little money": "余额不足",
    "Asks the buyer": "需要验证",
    "You go on to Alipay to authorise the payment.": "您将前往支付宝确认付款。",
    "You go on to WeChat Pay to authorise the payment.": "您将前往微信支付确认付款。",
    "Back to the shop without paying": "暂不支付，返回商店",
    "Back to the shop": "返回商店",
    "Authorise the payment": "确认付款",
    "Your bank asks you to confirm this card payment.": "发卡银行请您确认这笔付款。",
    "Alipay asks you to confirm this payment.": "支付宝请您确认这笔付款。",
    "WeChat Pay shows a code to scan here. Answer in its place.": "微信支付会在此显示二维码，请在此直接操作。",
    "A picture in the place of WeChat Pay's code": "代替微信支付二维码的图片",
    "Authorise": "确认付款",
    "Fail": "拒绝付款",
    "This payment is done.": "支付已完成。",
    "The payment was authorised; the shop takes the money later.": "付款已获授权，商店稍后扣款。",
    "This payment was cancelled.": "支付已取消。",
    "This payment is being processed.": "支付处理中。",
    "This payment has not been made.": "尚未支付。",
    "There is no such payment.": "找不到这笔支付。",
    "The link is incomplete or out of date. Go back to the shop and start again.": (
        "链接不完整或已失效，请返回商店重试。"
    ),
    "Payment": "支付",
    "Choose a payment method.": "请选择支付方式。",
    "Enter the date as month and year, such as 12/34.": "请按月/年填写，例如 12/34。",
    "Enter the card number.": "请输入卡号。",
    "Enter the security code.": "请输入安全码。",
    "Your card was declined.": "您的银行卡被拒绝。",
    "Your card has insufficient funds.": "您的银行卡余额不足。",
    "Your card has expired.": "您的银行卡已过期。",
    "Your card's security code is incorrect.": "安全码不正确。",
    "Your card's security code is invalid.": "安全码无效。",
    "Your card number is incorrect.": "卡号不正确。",
    "Your card's expiration month is invalid.": "有效期的月份无效。",
    "Your card's expiration year is invalid.": "有效期的年份无效。",
    "An error occurred while processing your card.": "处理银行卡时出错，请稍后再试。",
    "Your card was declined. Your request was in test mode, but used a non test card.": (
        "这不是测试卡，请使用测试卡。"
    ),
    "The payment was not authorised. Choose a payment method and try again.": ("付款未获授权，请重新选择支付方式。"),
    "Set up payouts": "设置收款账户",
    "Tell us who gets the money, and where it goes.": "请填写收款人和收款账户。",
    "The marketplace sends you what you have earned. It cannot see your bank details.": (
        "平台会将您的货款结算到此账户，但看不到您的银行信息。"
    ),
    "Who gets the money": "收款人",
    "A company": "企业",
    "A person": "个人",
    "Legal name": "法定名称",
    "As in the trade register or on the identity card": "与营业执照或身份证件一致",
    "Bank account (IBAN)": "银行账户（IBAN）",
    "Payouts go here": "货款将打入此账户",
    "Use a test account": "使用测试账户",
    "Payouts arrive": "打款成功",
    "Payouts fail": "打款失败",
    "Proof of identity is wanted": "需要身份证明",
    "I hand in a test document": "提交测试证件",
    "I agree to the terms of the payment provider": "我同意支付服务商的条款",
    "Send": "提交",
    "Choose who gets the money.": "请选择收款人。",
    "Enter the name.": "请输入名称。",
    "Enter an IBAN, such as DE89 3704 0044 0532 0130 00.": "请输入 IBAN，例如 DE89 3704 0044 0532 0130 00。",
    "Agree to the terms to go on.": "请先同意条款。",
    "There is no such link.": "找不到此链接，请返回商家后台重试。",
    "Save a card": "保存银行卡",
    "It is charged when an invoice is due. Nothing is charged now.": "账单到期时从此卡扣款，现在不会扣款。",
    "Save the card": "保存此卡",
    "Back without saving": "不保存，返回",
    "The card is saved.": "银行卡已保存。",
    "中文": "English",
}
Translate = Callable[[str], str]


def language(asked: str | None, accepted: str) -> str:
    """Choose a language: what the page's address asks for, else what the browser likes best, else English."""
    for wanted in (asked or "", *accepted.split(",")):
        short = wanted.strip().lower()[:2]
        if short in LANGUAGES:
            return short
    return "en"


def translator(chosen: str) -> Translate:
    """Give the function that says an English text in a language."""
    return (lambda text: _CHINESE.get(text, text)) if chosen == "zh" else (lambda text: text)
