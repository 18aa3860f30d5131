/* The yardstick in C: takes connections in pairs, in the order they come, and writes for each frame one of the same length to the
 * sender (the ack) and one to the other of the pair (the delivery), each as it comes. Nothing is decoded, stored or checked.
 *
 * usage: relay ACK DELIVERY    the two commands' numbers; the port, of 127.0.0.1, is the first line of the output.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PREFIX = 4, BUFFER = 1 << 16, EVENTS = 256 };

struct peer {
    struct peer *other;
    int descriptor;
    size_t used;
    unsigned char buffer[BUFFER];
};

static unsigned char ack, delivery;
static struct peer *alone;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int listen_somewhere(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) || listen(listener, 512))
        fail("listen");
    if (getsockname(listener, (struct sockaddr *)&address, &length))
        fail("getsockname");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static void watch(int poll, int descriptor, struct peer *peer)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = peer};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event))
        fail("epoll_ctl");
}

static void take_in(int poll, int listener)
{
    int one = 1;
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer || (peer->descriptor = accept(listener, NULL, NULL)) < 0)
        fail("accept");
    setsockopt(peer->descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (alone) {
        peer->other = alone;
        alone->other = peer;
    }
    alone = alone ? NULL : peer;
    watch(poll, peer->descriptor, peer);
}

/* That a receiver has gone is found when it is read from. */
static void pass(struct peer *to, unsigned char *frame, size_t length, unsigned char command)
{
    if (!to)
        return;
    frame[PREFIX] = command;
    for (size_t sent = 0; sent < length;) {
        ssize_t written = send(to->descriptor, frame + sent, length - sent, MSG_NOSIGNAL);
        if (written < 0)
            return;
        sent += (size_t)written;
    }
}

static void relay(struct peer *peer)
{
    size_t start = 0;
    uint32_t body;
    while (peer->used - start >= PREFIX) {
        memcpy(&body, peer->buffer + start, PREFIX);
        size_t length = PREFIX + (size_t)ntohl(body);
        if (length > BUFFER)
            exit(1);
        if (peer->used - start < length)
            break;
        pass(peer, peer->buffer + start, length, ack);
        pass(peer->other, peer->buffer + start, length, delivery);
        start += length;
    }
    peer->used -= start;
    memmove(peer->buffer, peer->buffer + start, peer->used);
}

static void take_out(struct peer *peer)
{
    if (peer->other)
        peer->other->other = NULL;
    if (alone == peer)
        alone = NULL;
    close(peer->descriptor);
    free(peer);
}

static void receive(struct peer *peer)
{
    ssize_t count = recv(peer->descriptor, peer->buffer + peer->used, BUFFER - peer->used, 0);
    if (count <= 0) {
        take_out(peer);
        return;
    }
    peer->used += (size_t)count;
    relay(peer);
}

int main(int count, char **arguments)
{
    struct epoll_event events[EVENTS];
    if (count != 3)
        return 2;
    ack = (unsigned char)atoi(arguments[1]);
    delivery = (unsigned char)atoi(arguments[2]);
    int listener = listen_somewhere(), poll = epoll_create1(0);
    watch(poll, listener, NULL);
    for (;;) {
        int ready = epoll_wait(poll, events, EVENTS, -1);
        for (int index = 0; index < ready; index++) {
            struct peer *peer = events[index].data.ptr;
            if (peer)
                receive(peer);
            else
                take_in(poll, listener);
        }
    }
}
