"""A file goes in by the browser: chosen, rehearsed, corrected, imported."""

from playwright.sync_api import FilePayload, Page, expect

from browser.served import Served

SHEET = "姓名,手机,所属单位\n程意,13812340001,岚桥水务\n罗薇,123,岚桥水务\n"


def test_a_file_is_rehearsed_corrected_and_imported(page: Page, served: Served) -> None:
    page.goto("/records/lead")
    page.click("summary[aria-label='更多操作']")
    page.click("text=导入文件")
    file = FilePayload(name="名单.csv", mimeType="text/csv", buffer=SHEET.encode())
    page.set_input_files("#file", file)
    page.click("[data-submit]:has-text('预演')")
    expect(page.locator("#run")).to_contain_text("正在预演")
    served.platform.worker().run_due()
    expect(page.locator(".kpi .v")).to_have_text(["1", "0", "0", "1"])
    expect(page.locator("#columns")).to_contain_text("手机")
    page.select_option("[aria-label='所属单位']", label="公司")
    page.click("button:has-text('导入 1 行')")
    expect(page.locator("[data-toast]")).to_contain_text("先重新预演")
    served.platform.worker().run_due()
    expect(page.locator("[aria-label='所属单位']")).to_have_value("company")
    page.click("button:has-text('导入 1 行')")
    expect(page.locator("#run")).to_contain_text("正在开始导入")
    served.platform.worker().run_due()
    expect(page.locator("#run")).to_contain_text("导入完成")
    with page.expect_download() as download:
        page.click("text=下载被拒绝的行")
    assert download.value.suggested_filename == "名单-errors.xlsx"
    page.click("a:has-text('1 条新建的记录')")
    expect(page.locator("tbody")).to_contain_text("岚桥水务")
