"""Words of compliance: a label for each code that rules, questions and registrations name."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.http.errors import WORDS

FIELDS = {
    # identity
    "legal_name": _l("Legal name"), "reg_no": _l("Registration number or social credit code"),
    "id_no": _l("Identity number"), "address": _l("Address"), "actual_address": _l("Actual place of trade"),
    "contact_name": _l("Contact person"), "contact": _l("Contact"), "phone": _l("Telephone"), "email": _l("E-mail"),
    "licence_file": _l("Business licence (file)"), "id_file": _l("Identity document (file)"),
    "legal_rep_name": _l("Name of the legal representative"), "legal_rep_id_no": _l("Identity of the legal representative"),
    "legal_rep": _l("Legal representative"), "exemption": _l("Ground of exemption from registration"),
    "exemption_statement_at": _l("Statement of exemption signed on"), "verified_at": _l("Checked in full on"),
    "merchant": _l("Merchant"), "kind": _l("Kind"), "name": _l("Name"), "payment_account": _l("Payment account"),
    "eu_self_cert_at": _l("Self-certification for the EU given on"), "checked_at": _l("Checked on"),
    "correction_asked_at": _l("Correction asked for on"), "shown": _l("Shown on its offers"),
    "business_licence": _l("Business licence"), "exemption_statement": _l("Statement of exemption"),
    "identity": _l("Identity document"), "representative": _l("Identity document of a legal representative"),
    "registration": _l("Extract from the trade register"),
    # exemptions
    "self_produced_agri": _l("Own farm produce"), "handicraft": _l("Home handicraft"),
    "convenience_labour": _l("Everyday services"), "sporadic_small": _l("Small and sporadic trade"),
    "other_by_law": _l("Other ground in law"),
    # shop, filings
    "changes": _l("Changes"), "changed_at": _l("Changed on"), "reported_at": _l("Reported on"),
    "closing_at": _l("Closes on"), "closing_notice_at": _l("Closing notice shown since"), "filings": _l("Filings"),
    "period_end": _l("End of the period"), "submitted_at": _l("Handed in on"), "started": _l("In business since"),
    "samr_identity": _l("Identity return"), "cn_tax_basic": _l("Basic tax data"), "cn_tax_quarter": _l("Quarterly tax return"),
    # cases and records
    "detected_at": _l("Detected on"), "measure_at": _l("Measure taken on"), "completed_at": _l("Completed on"),
    "exited_at": _l("Left on"), "shelf_life_end": _l("End of shelf life"), "hold": _l("Held back for"),
    "no": _l("Version number"), "home_page_banner": _l("Announced on the home page"),
    "comment_opens_at": _l("Comments open on"), "comment_closes_at": _l("Comments close on"),
    "answers_published_at": _l("Answers published on"), "published_at": _l("Published on"),
    "effective_at": _l("In force from"), "ended_at": _l("Ended on"), "reachable": _l("Can be read"),
    "material": _l("Important change"), "requested_at": _l("Asked for on"), "refused": _l("Refused"),
    "fee_charged": _l("Fee charged"), "objected_version": _l("Version objected to"),
    "governing_version": _l("Version settled under"), "settled_at": _l("Settled on"),
    "home_page_link": _l("Linked from the home page"), "versions": _l("Versions"), "tags": _l("Kinds of terms"),
    "mandatory": _l("Taking part is compulsory"), "lines": _l("Lines"), "price": _l("Price"), "cost": _l("Cost"),
    "fees": _l("Fees"), "code": _l("Code"), "service_ref": _l("Service for it"), "shop_name": _l("Shop"),
    "breach": _l("Breach"), "measure": _l("Measure"), "decided_at": _l("Decided on"), "ends_at": _l("Ends on"),
    "unpublished_at": _l("Taken down on"), "facts": _l("Facts"), "reasons": _l("Reasons"), "clause_id": _l("Clause"),
    "appeal_url": _l("Where to appeal"), "human_requested_at": _l("Decision by a person asked for on"),
    "human_reviewer": _l("Person who decided"), "filed_at": _l("Filed on"), "answered_at": _l("Answered on"),
    # reviews and search
    "order_status": _l("State of the order"), "rewarded": _l("Rewarded"), "links": _l("Connections to the merchant"),
    "tracking_scans": _l("Scans of the parcel"), "policy_url": _l("Public rules for reviews"),
    "review_open": _l("Buyers can write reviews"), "ground": _l("Ground"), "basis": _l("Basis"),
    "second_person": _l("Second person"), "sorts": _l("Ways to sort"), "personalised": _l("Rests on personal traits"),
    "off_switch": _l("Can be switched off"), "results": _l("Results seen"), "paid": _l("Paid"), "label": _l("Label"),
    "complete": _l("Complete"), "received_at": _l("Received on"), "forwarded_at": _l("Passed on on"),
    "arrived_at": _l("Arrived at the right holder on"), "excused_days": _l("Excused days"),
    "action_proof_at": _l("Proof of action on"), "lifted_at": _l("Lifted on"),
    "acknowledged_at": _l("Acknowledged on"), "merchant_answered_at": _l("Answered by the merchant on"),
    "remedy_done_at": _l("Remedied on"),
    # returns, refunds, promises
    "promised_return_days": _l("Days to return that were promised"), "durable": _l("Durable goods"),
    "asked_at": _l("Asked on"), "offered": _l("Offered"), "freight_payer": _l("Who pays the freight"),
    "defect_proof_by": _l("Who proved the defect"), "excluded_valid": _l("Validly excluded from returns"),
    "decision": _l("Decision"), "refusal_reason": _l("Reason of the refusal"), "result": _l("Result"),
    "photos": _l("Photos"), "marked": _l("Marked on the page"), "confirmed_at": _l("Confirmed by the buyer on"),
    "confirm_default": _l("Ticked beforehand"), "goods_received_at": _l("Goods received on"),
    "paid_at": _l("Paid on"), "amount": _l("Amount"), "channel": _l("Channel"), "given_at": _l("Consent given on"),
    "withdrawn_at": _l("Consent withdrawn on"), "sender": _l("Sender"), "opt_out": _l("Can be refused"),
    "contact_ok": _l("The contact works"), "fraud": _l("Fraud"), "promised": _l("Promised amount"),
    "awarded": _l("Awarded amount"), "opened_at": _l("Opened on"), "stopped_at": _l("Stopped on"),
    "buyers": _l("Number of buyers"), "notified": _l("Buyers told"), "on_sale": _l("Offers still on sale"),
    "quotes": _l("Prices quoted"), "rules": _l("Rules of the price"), "public": _l("Public rules of prices"),
    "prominent_notice_at": _l("Told when signing up on"), "next_charge_at": _l("Next charge on"),
    "reminder_sent_at": _l("Reminded on"), "cancel_fee": _l("Fee for cancelling"), "extras": _l("Extras"),
    "default_selected": _l("Chosen beforehand"), "remembered": _l("Remembered from before"), "prominent": _l("Shown plainly"),
    # prices and promotions
    "starts_at": _l("Starts on"), "compare": _l("Compared price"), "sales": _l("Sales"), "at": _l("On"),
    "top_prize": _l("Value of the top prize"), "odds": _l("Odds"), "redeem": _l("How to redeem"),
    "draw_at": _l("Time of the draw"), "organiser": _l("Organiser"), "in_favour": _l("In buyers' favour"),
    "banned_hard": _l("Words that are forbidden"), "banned_soft": _l("Words that deserve a look"),
    # food
    "severity": _l("Severity"), "service_ended_at": _l("Service ended on"), "end": _l("End of shelf life"),
    "status": _l("State"), "near": _l("Days before expiry to mark"), "promise": _l("Days of delivery"),
    "spec": _l("Specification"), "net_content": _l("Net content"), "produced_on": _l("Produced on"),
    "ingredients": _l("Ingredients"), "producer_name": _l("Producer"), "producer_address": _l("Producer's address"),
    "producer_contact": _l("Producer's contact"), "shelf_life": _l("Shelf life"), "standard_code": _l("Standard code"),
    "storage": _l("Storage"), "additives": _l("Additives"), "production_licence_no": _l("Production licence number"),
    "nutrients": _l("Nutrients"), "registration_no": _l("Registration or filing number"),
    "suitable": _l("Suitable for"), "not_suitable": _l("Not suitable for"), "marker": _l("Marker content"),
    "ad_no": _l("Approval number of the advertisement"), "unsafe": _l("Unsafe"), "seller_knew": _l("The seller knew"),
    "label_flaw_only": _l("A flaw of the label alone"), "loss": _l("Loss"), "director": _l("Director for food safety"),
    "officers": _l("Officers for food safety"), "daily": _l("Daily record"), "weekly": _l("Weekly record"),
    "monthly": _l("Monthly record"), "licence_no": _l("Licence or filing number"),
    "licence_valid_until": _l("Licence valid until"), "main_food_kinds": _l("Main kinds of food"),
    "safety_manager": _l("Food-safety manager and telephone"), "shopfront_photo": _l("Photo of the shop front"),
    "dine_in": _l("Guests can eat there"), "suppliers": _l("Suppliers and their certificates"),
    "agreement_signed_at": _l("Agreement on food safety"), "site_checked_at": _l("Visit to the place"),
    "reverified_at": _l("Checked again on"), "identity_verified_at": _l("Identity checked on"),
    # privacy
    "sensitive": _l("Sensitive"), "notice_version": _l("Version of the notice"), "separate": _l("Separate consent"),
    "guardian": _l("Guardian's consent"), "age": _l("Age"), "done_at": _l("Done on"), "refused_at": _l("Refused on"),
    "refused_reason": _l("Reason of the refusal"), "closed_at": _l("Account closed on"),
    "classes": _l("Kinds of data"), "done": _l("Done"), "extended_at": _l("Extended on"),
    "extension_reason": _l("Reason of the extension"),
    # EU and US
    "deleted_at": _l("Deleted on"), "holds": _l("Kept under"), "restricted": _l("Put away"),
    "product_id": _l("Product identification"), "picture": _l("Picture"), "maker_name": _l("Maker"),
    "maker_address": _l("Maker's address"), "maker_email": _l("Maker's e-mail"), "maker_in_eu": _l("The maker is in the EU"),
    "responsible_person": _l("Responsible person in the EU"), "warnings": _l("Languages of the warnings"),
    "last_random_check": _l("Last random check"), "known_at": _l("Known since"), "orders": _l("Orders"),
    "told": _l("Told on"), "published": _l("Published"), "scope": _l("Scope"),
    "automated_decision": _l("Decided by a machine"), "explanation": _l("Explanation"), "redress": _l("Ways of redress"),
    "sent_at": _l("Sent on"), "decision_at": _l("Decided on"), "accepted": _l("Accepted"), "handler": _l("Handled by"),
    "medium": _l("Medium"), "notified_at": _l("Told on"), "adaptation_days": _l("Days to adapt"),
    "exception": _l("Exception"), "exception_proof": _l("Proof of the exception"), "linked": _l("Linked from the results"),
    "parameters": _l("What ranks, as told"), "features": _l("What ranks, in truth"), "trader": _l("Trader"),
    "review_policy": _l("How reviews are checked"), "verified_badge_without_order": _l("Badges without an order"),
    "shown_prior": _l("Earlier price shown"), "shown_percent": _l("Percentage shown"), "history": _l("Prices offered"),
    "parcels": _l("Days on which parcels arrived"), "informed_at": _l("Told of the right on"),
    "told_at": _l("Withdrawal told on"), "proof_at": _l("Proof of sending on"), "total": _l("Total paid"),
    "surcharge": _l("Surcharge for express delivery"), "button": _l("Function for withdrawing"),
    "confirm": _l("Step to confirm"), "ack_sent_at": _l("Acknowledged on"), "ack_has_time": _l("With date and time"),
    "missing": _l("Missing tax data"), "first_request": _l("First asked for on"), "blocked": _l("Held back"),
    "due": _l("Due on"), "qualified_at": _l("High-volume since"), "data_received_at": _l("Data received on"),
    "certified_at": _l("Certified on"), "suspended_at": _l("Suspended on"), "home_only": _l("Private address alone"),
    "region": _l("State and country"), "report_link": _l("Buyers can report the seller"),
    "title": _l("Title"), "text": _l("Text"), "category": _l("Category"), "verify": _l("Verify"),
    # choices
    "transaction": _l("Transaction"), "food_transaction": _l("Food transaction"), "return": _l("Return"),
    "exchange": _l("Exchange"), "repair": _l("Repair"), "refuse": _l("Refuse"), "buyer": _l("Buyer"),
    "agreed": _l("Agreed"), "not_intact": _l("Not intact"), "late": _l("Late"), "excluded": _l("Excluded"),
    "normal": _l("Normal"), "serious": _l("Serious"), "sellable": _l("Sellable"), "quarantine": _l("Quarantine"),
    "sold": _l("Sold"), "pdf_message": _l("Message with PDF"), "letter": _l("Letter"), "website": _l("Website"),
    "consent": _l("Consent"), "contract": _l("Contract"), "law": _l("Law"), "legal_duty": _l("Legal duty"),
    "imperative_national_law": _l("Imperative national law"), "repeated_breach": _l("Repeated breach"),
    "detailed": _l("With details"), "msrp": _l("Maker's suggested price"), "personal_data": _l("Personal data"),
    "illegal_content": _l("Illegal content"), "court_order": _l("Court order"),
    "sham_review_proven": _l("Proven sham"), "not_about_product_by_rule": _l("Not about the goods, by the rules"),
}  # fmt: skip
FOOD_SELLERS = {
    "licensed": _l("Seller with a food operation licence"), "filing": _l("Seller of prepackaged food with a filing"),
    "producer": _l("Food producer"), "additive": _l("Seller of food additives"),
    "agri_business": _l("Farm produce business"), "agri_individual": _l("Farm produce, individual"),
    "catering": _l("Caterer"),
}  # fmt: skip
FOODS = {
    "farm_produce": _l("Farm produce"), "prepackaged": _l("Prepackaged food"), "bulk": _l("Loose food"),
    "made_on_site": _l("Food made on site"), "health_food": _l("Health food"),
    "infant_formula": _l("Infant formula"), "fsmp": _l("Food for special medical purposes"),
    "fsmp_full_nutrition": _l("Full-nutrition medical food"),
}  # fmt: skip
LICENCES = {
    "food_operation": _l("Food operation licence"), "prepackaged_filing": _l("Filing for prepackaged food"),
    "food_production": _l("Food production licence"), "med_device_2_filing": _l("Filing for class II medical devices"),
    "med_device_3_licence": _l("Licence for class III medical devices"), "publication": _l("Publication licence"),
    "alcohol_retail": _l("Licence to sell alcohol"), "other": _l("Another licence"),
}  # fmt: skip
CHECKS = {
    "shape": _l("Numbers have their shape"), "document": _l("Documents can be read and fit the form"),
    "official": _l("The authority's data are the same"), "person": _l("Identity of the person is proved"),
    "place": _l("The place was visited or seen live"), "fit": _l("The kinds of food fit the licence"),
    "history": _l("Person and company are not barred"), "agreement": _l("The agreement on food safety is accepted"),
    "publish": _l("The shop shows licence and contact"), "archive": _l("The file is archived with its versions"),
    "renew": _l("Checked again within six months"), "spot": _l("In the monthly spot checks"),
}  # fmt: skip
SUBJECTS = {
    "tenant": _l("Marketplace"), "shop": _l("Shop"), "listing": _l("Listing"), "record": _l("Record"),
}  # fmt: skip
NUMBERS = {
    "limit": _l("Limit of turnover"), "warn_from": _l("Warn from turnover"), "warn_days": _l("Days to warn ahead"),
    "report_days": _l("Days to report"), "check_days": _l("Working days to check"), "days": _l("Days"),
    "months": _l("Months"), "basic_days": _l("Days for the basic data"), "hours": _l("Hours"),
    "food_months": _l("Months after shelf life"), "comment_days": _l("Days of comment"),
    "important": _l("Days for important changes"), "acknowledge": _l("Days to acknowledge"),
    "answer": _l("Days to answer"), "decide": _l("Days to decide"), "remedy": _l("Days to remedy"),
    "proof_months": _l("Months of the burden of proof"), "delay": _l("Days until deliberate delay"),
    "times": _l("Times the price"), "least": _l("Least amount"), "loss_times": _l("Times the loss"),
    "stop": _l("Days to stop the sale"), "tell": _l("Days to tell buyers"), "stop_hours": _l("Hours to stop"),
    "report_hours": _l("Hours to report"), "extended": _l("Months if extended"),
}  # fmt: skip
SCORE = {
    "open": _l("Open findings"), "past": _l("Findings of the past year"), "unknown": _l("What is not known"),
    "young": _l("Little experience yet"),
}  # fmt: skip


def register() -> None:
    """Let messages name the codes in the reader's language."""
    for words in (SUBJECTS, LICENCES, FOODS, FOOD_SELLERS, CHECKS, FIELDS):
        WORDS.update(words)


def label(code: str) -> object:
    """Return the label of a code; the code itself if it has none."""
    return WORDS.get(code.rsplit(".", 1)[-1], code)
