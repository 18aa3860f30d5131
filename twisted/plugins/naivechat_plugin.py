"""Makes `twistd naivechat` known. Every run of twistd imports this file, so it imports ServiceMaker alone."""

from twisted.application.service import ServiceMaker

naivechat = ServiceMaker("naivechat", "naivechat.tap", "A node of naivechat, a chat system.", "naivechat")
