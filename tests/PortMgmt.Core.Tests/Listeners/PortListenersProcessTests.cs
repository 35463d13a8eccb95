using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using PortMgmt.Listeners;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Tests.Listeners;

[Collection(SocketsAndPrograms.Name)]
public sealed partial class PortListenersProcessTests
{
    [Fact]
    public void Find_ListenerOfAnotherProcess_GivesThatProcess()
    {
        using var child = ChildProcess.Listen([], "127.0.0.1");

        PortListener row = Assert.Single(PortListeners.Find(child.Port, PortProtocol.Tcp));

        Assert.Equal(child.Id, row.Id);
        Assert.StartsWith("PortMgmt.TestPr", row.Program, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("two words")]
    [InlineData("a) R (b 1 2 3")]
    [InlineData("socket:[1]")]
    public void Find_ProgramWithUnusualName_GivesTheNameAsItIs(string program)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "A process can rename itself like this on Linux alone.");
        using var child = ChildProcess.Listen([], "127.0.0.1", program);

        Assert.Equal((child.Id, program), Assert.Single(PortListeners.Find(child.Port, PortProtocol.Tcp).Select(row => (row.Id, row.Program))));
    }

    [SkippableFact]
    public void Find_SocketSharedByTwoProcesses_GivesARowForEach()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The test hands its socket to a child as Linux does.");
        Socket socket = TestSockets.Listen(IPAddress.Loopback);
        int port = socket.Port;
        Process child = StartHeir(socket);
        try
        {
            int?[] owners = [.. PortListeners.Find(port, PortProtocol.Tcp).Select(row => row.Id)];
            Assert.Contains(Environment.ProcessId, owners);
            Assert.Contains(child.Id, owners);

            socket.Dispose();
            owners = [.. PortListeners.Find(port, PortProtocol.Tcp).Select(row => row.Id)];
            Assert.DoesNotContain(Environment.ProcessId, owners);
            Assert.Contains(child.Id, owners);
        }
        finally
        {
            socket.Dispose();
            child.Kill();
            child.WaitForExit();
            child.Dispose();
        }
    }

    [SkippableFact]
    public void Find_ListenerInAnotherNetworkNamespace_GivesNothing()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Making a network namespace needs root on Linux.");
        Skip.IfNot(CanUnshare(), "unshare(1) is missing, or may not make a network namespace.");
        using var child = ChildProcess.Listen(["unshare", "--net", "--"], "0.0.0.0");

        Assert.DoesNotContain(PortListeners.Find(), row => row.Id == child.Id);
        Assert.DoesNotContain(PortListeners.Find(child.Port), row => row.Id == child.Id);
    }

    private static bool CanUnshare()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("unshare", ["--net", "--", "true"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Starts a process that has the socket too.</summary>
    private static Process StartHeir(Socket socket)
    {
        const int SetDescriptorFlags = 2;
        Assert.Equal(0, ControlDescriptor((int)socket.Handle, SetDescriptorFlags, 0));
        return Process.Start("sleep", "600");
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int ControlDescriptor(int descriptor, int command, int argument);
}
