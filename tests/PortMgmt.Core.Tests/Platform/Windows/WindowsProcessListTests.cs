using System.Buffers.Binary;
using PortMgmt.Platform.Windows;
using Xunit;

namespace PortMgmt.Core.Tests.Platform.Windows;

/// <summary>The list of all processes, written out as the system has it: 184 bytes an entry and its threads behind, here 200 and 260.</summary>
public sealed class WindowsProcessListTests
{
    [Theory]
    [InlineData(0, 0UL)]
    [InlineData(4, 11UL)]
    [InlineData(812, 22UL)]
    public void FindStart_ProcessInTheList_GivesItsTime(int processId, ulong start) => Assert.Equal(start, WindowsProcessList.FindStart(List(), processId));

    [Theory]
    [InlineData(8)]
    [InlineData(813)]
    public void FindStart_ProcessThatIsNotThere_GivesNone(int processId) => Assert.Null(WindowsProcessList.FindStart(List(), processId));

    [Fact]
    public void FindStart_ListThatEndsEarly_GivesNone()
    {
        Assert.Null(WindowsProcessList.FindStart(List().AsSpan(0, 230), 812));
        Assert.Null(WindowsProcessList.FindStart([], 4));
    }

    private static byte[] List()
    {
        byte[] list = new byte[200 + 260 + 184];
        Write(list, 200, 0, 0);
        Write(list.AsSpan(200), 260, 4, 11);
        Write(list.AsSpan(460), 0, 812, 22);
        return list;
    }

    private static void Write(Span<byte> entry, int next, int processId, ulong start)
    {
        BinaryPrimitives.WriteInt32LittleEndian(entry, next);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[32..], start);
        BinaryPrimitives.WriteInt64LittleEndian(entry[80..], processId);
    }
}
