package io.logplane.gateway.admission;

import java.util.OptionalInt;

/// A range of IPv4 addresses, `10.96.0.0/16`. Pure.
public record AddressRange(int base, int bits) {

    /// Errors: IllegalArgumentException.
    public static AddressRange of(String cidr) {
        String[] parts = cidr.split("/", 2);
        if (parts.length != 2 || !parts[1].matches("[0-9]{1,2}")) {
            throw new IllegalArgumentException("not a range of IPv4 addresses: " + cidr);
        }
        int bits = Integer.parseInt(parts[1]);
        int address = number(parts[0]).orElseThrow(() -> new IllegalArgumentException("not an IPv4 address: "
                + parts[0]));
        if (bits < 8 || bits > 30) {
            throw new IllegalArgumentException("a service range has between 8 and 30 fixed bits: " + cidr);
        }
        return new AddressRange(address & mask(bits), bits);
    }

    /// As it is written: `10.96.0.0/16`.
    public String text() {
        return at(0) + "/" + bits;
    }

    public int size() {
        return 1 << (32 - bits);
    }

    /// Shape: offset 0 is the network's own address, never given.
    public String at(int offset) {
        int address = base + offset;
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    public boolean contains(String address) {
        OptionalInt number = number(address);
        return number.isPresent() && (number.getAsInt() & mask(bits)) == base;
    }

    /// Empty: not an IPv4 address.
    public OptionalInt parse(String address) {
        return number(address);
    }

    private static int mask(int bits) {
        return -1 << (32 - bits);
    }

    /// Empty: not an IPv4 address.
    static OptionalInt number(String address) {
        String[] parts = address.split("\\.", -1);
        if (parts.length != 4) {
            return OptionalInt.empty();
        }
        int number = 0;
        for (String part : parts) {
            if (!part.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(part) > 255) {
                return OptionalInt.empty();
            }
            number = number << 8 | Integer.parseInt(part);
        }
        return OptionalInt.of(number);
    }
}
