using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using PortMgmt.Core.Tests.Leases;
using PortMgmt.Core.Tests.Leases.Table;
using PortMgmt.Leases;
using PortMgmt.Leases.Table;
using PortMgmt.Ports;
using PortMgmt.TestKit.Fuzz;
using Xunit;

namespace PortMgmt.Core.Tests.Fuzz;

/// <summary>
/// The table's bytes. Half of the inputs get the checksum that fits them, so that what is behind the checksum is tried as
/// well: it is what somebody writes who means harm.
/// </summary>
public sealed class TableFuzzTests(ITestOutputHelper output)
{
    private const int Port = 18080;
    private const int ChecksumStart = SlotCodec.CopyLength - 20;
    private const int JournalHeaderLength = 9;

    private readonly Fuzzer _fuzzer = new(output);

    [Fact]
    public void SlotReader_AnyBytes_IsARecordOfThatSlotOrDamage() => _fuzzer.Run([Slot(1), Slot(2), Slot(3), Slot(10)], input =>
    {
        byte[] slot = Sized(input, SlotReader.SlotLength);
        try
        {
            if (SlotReader.Read(slot, Port).Record is { } record)
            {
                AssertPlain(record);
            }

            return true;
        }
        catch (TableDamageException)
        {
            return false;
        }
    });

    [Fact]
    public void SlotReader_AnyTextWithItsChecksum_IsARecordOfThatSlotOrDamage() => _fuzzer.Run([Slot(1), Slot(2)], input =>
    {
        byte[] slot = Sized(input, SlotReader.SlotLength);
        Reseal(slot.AsSpan(0, SlotCodec.CopyLength));
        Reseal(slot.AsSpan(SlotCodec.CopyLength));
        try
        {
            if (SlotReader.Read(slot, Port).Record is { } record)
            {
                AssertPlain(record);
            }

            return true;
        }
        catch (TableDamageException)
        {
            return false;
        }
    });

    [Fact]
    public void TableHeader_AnyBytes_IsOursOrRefused()
    {
        byte[] sound = new byte[TableLayout.HeaderLength];
        TableHeader.Write(sound, "boot1-7", DateTimeOffset.UnixEpoch);
        _fuzzer.Run([sound], input =>
        {
            byte[] header = Sized(input, TableLayout.HeaderLength);
            _ = TableHeader.TryRead(header);
            try
            {
                TableHeader.Check(header);
                return true;
            }
            catch (Exception e) when (e is TableDamageException or FirstVersionException or NotSupportedException)
            {
                return false;
            }
        });
    }

    [Fact]
    public void TableJournal_AnyEntriesWithTheirChecksum_AreRecordsOfTheirSlotsOrDamage()
    {
        using var host = new RegistryFixture();
        host.Lease();
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = host.Platform.OpenFile(host.TableFile)!;
        _fuzzer.Run([Entries(1), Entries(2), Entries(5)], input =>
        {
            WriteJournal(host, input);
            try
            {
                foreach ((int index, SlotRecord record) in TableJournal.Read(file, TableShape.Current))
                {
                    Assert.True(record.BelongsTo(index));
                    AssertPlain(record);
                }

                return true;
            }
            catch (TableDamageException)
            {
                return false;
            }
        });
    }

    [Fact]
    public void Registry_AnyTags_FindsEveryLeaseAgainAfterASweep()
    {
        using var host = new RegistryFixture();
        PortLease[] leases = [host.Lease("a", 10000), host.Lease("b", 20000), host.Lease("c", 29999, PortProtocol.Both)];
        byte[] sound = host.ReadTable(TableLayout.TagsOffset, TableLayout.TagsLength);
        int round = 0;
        _fuzzer.Run([Encoding.ASCII.GetBytes("AAAABBBBCCCC")], input =>
        {
            // Strewn over all tags; the slots alone are true.
            byte[] tags = [.. sound];
            for (int i = 0; i < input.Length; i++)
            {
                tags[(int)((i * 2654435761L + input[i]) % tags.Length)] = input[i];
            }

            host.Overwrite(TableLayout.TagsOffset, tags);
            PortLease taken = host.Registry.Acquire(new PortLeaseRequest { Range = new PortRange(15000, 16000) });
            host.Registry.Sweep();
            Assert.Equal([.. leases.Append(taken).Select(static lease => lease.Port).Order()], host.Registry.GetLeases().Select(static lease => lease.Port));
            host.Registry.Remove(taken);
            return ++round % 2 == 0;
        }, share: 0.05);
    }

    [Fact]
    public void Registry_AnyPreambleAndSlots_WorksOrIsSetAsideAndThenWorks()
    {
        using var host = new RegistryFixture();
        host.Lease("sound", Port);
        byte[] preamble = host.ReadTable(0, TableLayout.PreambleLength);
        byte[] slot = host.ReadTable(TableLayout.SlotOffset(Port), SlotReader.SlotLength);
        byte[] whole = File.ReadAllBytes(host.TableFile)[..(int)TableLayout.JournalOffset];
        _fuzzer.Run([preamble, slot], input =>
        {
            host.Overwrite(0, whole);
            host.Overwrite(input.Length > SlotReader.SlotLength ? 0 : TableLayout.SlotOffset(Port), input.Length > TableLayout.PreambleLength ? input[..TableLayout.PreambleLength] : input);
            bool sound = true;
            try
            {
                host.Registry.GetLeases();
            }
            catch (PortRegistryException e) when (e.Code is PortRegistryErrorCode.RegistryCorrupt or PortRegistryErrorCode.RegistryUnavailable)
            {
                sound = false;
                if (e.Code == PortRegistryErrorCode.RegistryUnavailable)
                {
                    host.Overwrite(0, whole);
                }
            }

            Assert.All(host.Registry.GetLeases(), static lease => Assert.InRange(lease.Port, 1, 65535));
            Array.ForEach(Directory.GetFiles(host.Directory, "*damaged*"), File.Delete);
            return sound;
        }, share: 0.02);
    }

    private static byte[] Slot(int writes)
    {
        byte[] slot = new byte[SlotReader.SlotLength];
        for (int i = 1; i <= writes; i++)
        {
            SlotCodec.Write(slot.AsSpan((i & 1) * SlotCodec.CopyLength), (ulong)i, Records.Leased(Port, string.Create(CultureInfo.InvariantCulture, $"web{i}")));
        }

        return slot;
    }

    private static byte[] Entries(int count)
    {
        byte[] entries = new byte[count * (sizeof(uint) + SlotCodec.CopyLength)];
        for (int i = 0; i < count; i++)
        {
            Span<byte> entry = entries.AsSpan(i * (sizeof(uint) + SlotCodec.CopyLength));
            BinaryPrimitives.WriteInt32LittleEndian(entry, Port + i);
            SlotCodec.Write(entry[sizeof(uint)..], 1, Records.Leased(Port + i));
        }

        return entries;
    }

    private static void WriteJournal(RegistryFixture host, byte[] input)
    {
        int length = sizeof(uint) + SlotCodec.CopyLength;
        byte[] entries = Sized(input, (input.Length + length - 1) / length * length);
        byte[] header = new byte[JournalHeaderLength];
        BinaryPrimitives.WriteInt32LittleEndian(header, entries.Length / length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(sizeof(uint)), SlotCodec.Checksum32(entries));
        host.Overwrite(TableLayout.JournalOffset, entries);
        host.Overwrite(TableLayout.JournalHeaderOffset, header);
    }

    private static byte[] Sized(byte[] input, int length)
    {
        byte[] sized = new byte[length];
        input.AsSpan(0, Math.Min(length, input.Length)).CopyTo(sized);
        return sized;
    }

    private static void Reseal(Span<byte> copy) =>
        Encoding.ASCII.GetBytes(SlotCodec.Checksum32(copy[..ChecksumStart]).ToString("x8", CultureInfo.InvariantCulture), copy[ChecksumStart..]);

    /// <summary>Nothing in a record may steer a terminal, and all of it can be written again.</summary>
    private static void AssertPlain(SlotRecord record)
    {
        Assert.DoesNotContain(record.Name + record.UserId + record.Fence, static letter => letter is < '!' or > '~');
        _ = DateTimeOffset.FromUnixTimeMilliseconds(record.CreatedAt);
        byte[] copy = new byte[SlotCodec.CopyLength];
        SlotCodec.Write(copy, 1, record);
        Assert.Equal(record, SlotCodec.Read(copy));
    }
}
