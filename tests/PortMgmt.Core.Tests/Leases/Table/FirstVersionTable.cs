using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Table;
using PortMgmt.Ports;

namespace PortMgmt.Core.Tests.Leases.Table;

/// <summary>
/// Writes lease tables of version 1 as the last program of that version did, byte for byte; a table captured from it holds this class to
/// that. Nothing of the present format's code is used but the checksum and the hash, which both versions share.
/// </summary>
internal sealed class FirstVersionTable : IDisposable
{
    public const long FileLength = SlotsOffset + (131072L * 512);

    private const long SlotsOffset = 0x10_1000;
    private const long JournalOffset = 4096 + (131072 * 4);

    private readonly SafeFileHandle _file;

    public FirstVersionTable(string path, string instance, string host = "vm", string created = "2026-11-27T13:49:08Z", int sweepCursor = 0)
    {
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
        RandomAccess.SetLength(_file, FileLength);
        byte[] header = new byte[256];
        header.AsSpan().Fill((byte)' ');
        Encoding.ASCII.GetBytes($"portmgmt-leases 1 {instance} {host} {created}", header);
        Seal(header, 240);
        header[255] = (byte)'\n';
        RandomAccess.Write(_file, header, 0);
        byte[] cursor = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(cursor, sweepCursor);
        RandomAccess.Write(_file, cursor, 512);
    }

    /// <summary>Writes a record into its slots, for the so many-th time.</summary>
    public FirstVersionTable Add(SlotRecord record, int sequence = 1)
    {
        foreach (int index in Slots(record))
        {
            RandomAccess.Write(_file, Copy(record, sequence), SlotsOffset + (index * 512L) + ((sequence - 1) % 2 * 256));
            byte[] tag = new byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(tag, record.Kind == SlotKind.Leased
                ? Math.Max(1, (uint)StickyHash.Compute(record.Name) & 0x7FFF_FFFF)
                : 0x8000_0000 | (uint)(record.Deadline / 1000));
            RandomAccess.Write(_file, tag, 4096 + (index * 4L));
        }

        return this;
    }

    /// <summary>Writes a group into the journal.</summary>
    public FirstVersionTable Journal(bool committed, params SlotRecord[] records)
    {
        using var entries = new MemoryStream();
        foreach (SlotRecord record in records)
        {
            foreach (int index in Slots(record))
            {
                entries.Write(BitConverter.GetBytes(index));
                entries.Write(Copy(record, 1));
            }
        }

        byte[] header = new byte[9];
        BinaryPrimitives.WriteInt32LittleEndian(header, (int)(entries.Length / 260));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), SlotCodec.Checksum32(entries.ToArray()));
        header[8] = committed ? (byte)0xC3 : (byte)0;
        RandomAccess.Write(_file, entries.ToArray(), JournalOffset);
        RandomAccess.Write(_file, header, 1024);
        return this;
    }

    /// <summary>Overwrites bytes.</summary>
    public FirstVersionTable Damage(int port)
    {
        RandomAccess.Write(_file, "damage"u8, SlotsOffset + (port * 512L) + 40);
        return this;
    }

    public void Dispose() => _file.Dispose();

    private static int[] Slots(SlotRecord record) => record.Protocol switch
    {
        PortProtocol.Tcp => [record.Port],
        PortProtocol.Udp => [65536 + record.Port],
        _ => [record.Port, 65536 + record.Port],
    };

    private static byte[] Copy(SlotRecord record, int sequence)
    {
        byte[] copy = new byte[256];
        copy.AsSpan().Fill((byte)' ');
        string number = sequence.ToString("D10", CultureInfo.InvariantCulture);
        string kind = record.Kind == SlotKind.Leased ? "L" : "R";
        string protocol = record.Protocol switch { PortProtocol.Tcp => "t", PortProtocol.Udp => "u", _ => "b" };
        string name = record.Name.Length == 0 ? "=" : record.Name;
        string line = string.Create(CultureInfo.InvariantCulture, $"{number} {kind} {protocol} {record.Port} {record.Owner.Id} {record.Owner.Start} {record.Owner.Namespace} {record.UserId} {record.CreatedAt} {record.Deadline} {record.Fence} {name}");
        Encoding.ASCII.GetBytes(line, copy);
        Seal(copy, 236);
        Encoding.ASCII.GetBytes(number + "\n", copy.AsSpan(245));
        return copy;
    }

    private static void Seal(byte[] line, int checksum) =>
        Encoding.ASCII.GetBytes(SlotCodec.Checksum32(line.AsSpan(0, checksum)).ToString("x8", CultureInfo.InvariantCulture), line.AsSpan(checksum));
}
