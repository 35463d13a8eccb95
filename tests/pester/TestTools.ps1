# Dot-sourced by every file: the built module, and what tests of ports need.
# PORTMGMT_MODULE names the manifest of another build, such as a packaged one.
$ErrorActionPreference = 'Stop'
$ManifestPath = Resolve-Path -Path ($env:PORTMGMT_MODULE ?? (Join-Path $PSScriptRoot '../../PortMgmt.psd1')) | Convert-Path
Import-Module -Name $ManifestPath

# The shell that runs the tests, to be started again. As the .NET tool it is dotnet with pwsh.dll: the tool's launcher is no
# substitute, since the shell would go on when its launcher is killed.
$TestShell = [System.Environment]::ProcessPath
$TestShellDll = @(if ($TestShell -match 'dotnet(\.exe)?$') { "$PSHOME/pwsh.dll" })

# The same in one line, for a POSIX shell, and behind & for PowerShell.
$TestShellLine = @($TestShell; $TestShellDll).ForEach({ "'$_'" }) -join ' '

# Runs a shell to its end.
function Invoke-TestShell {
    & $TestShell @TestShellDll -NoProfile -NonInteractive @args
}

# Starts a shell, and gives its process.
function Start-TestShell {
    param([string] $Command)
    [System.Diagnostics.Process]::Start($TestShell, [string[]] ($TestShellDll + '-NoProfile', '-NonInteractive', '-Command', $Command))
}

# The shells that the examples are run by, each one's program and first argument: this one, and where this is the .NET tool,
# its program for systems of this kind as well, which behaves as an installed shell does.
function Get-ShellKind {
    @{ Kind = $TestShellDll ? 'the .NET tool' : 'installed'; Program = $TestShell; Dll = $TestShellDll }
    $program = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
    if ($TestShellDll -and (Test-Path -Path $program)) {
        # The tool has one for x64 alone, and it needs to be told of a runtime in an unusual place.
        $env:DOTNET_ROOT ??= Split-Path -Path $TestShell
        try { $answer = & $program -NoProfile -Command "'ready'" } catch { $answer = $_ }
        if ($answer -eq 'ready') {
            @{ Kind = 'installed'; Program = $program; Dll = @() }
        }
    }
}

# Names a registry that nobody else has, for this process and its children.
function Use-TestRegistry {
    $env:PORTMGMT_REGISTRY = Join-Path $TestDrive ([guid]::NewGuid().ToString('n'))
}

function Clear-TestRegistry {
    $env:PORTMGMT_REGISTRY = $null
}

# Has dotnet do with one process what it would share among several, each of which compiles itself first, and stay for nobody.
# For the build alone: shells would believe in one processor. So would the compiler's server, if this is what starts it: it is
# not that of other builds, unless whoever runs the tests has named one.
function Use-TestBuild {
    $env:MSBUILDDISABLENODEREUSE = '1'
    $env:DOTNET_PROCESSOR_COUNT = '1'
    $env:SharedCompilationId ??= 'portmgmt-tests'
}

function Clear-TestBuild {
    $env:MSBUILDDISABLENODEREUSE = $null
    $env:DOTNET_PROCESSOR_COUNT = $null
}

# A port that nothing speaks against at the moment.
function Find-UsablePort {
    $lease = New-PortLease -Registry (Join-Path $TestDrive 'finder')
    $lease.Port
}

# Listens on a port of its own, outside any registry, until disposed of (Stop).
function Start-TestListener {
    param([System.Net.IPAddress] $Address = [System.Net.IPAddress]::Loopback, [int] $Port = (Find-UsablePort))
    $listener = [System.Net.Sockets.TcpListener]::new($Address, $Port)
    $listener.Start()
    $listener
}

# A process that stays until it is stopped; its lease can be orphaned.
function Start-TestProcess {
    Start-TestShell -Command 'Start-Sleep -Seconds 300'
}

function Stop-TestProcess {
    param([System.Diagnostics.Process] $Process)
    $Process.Kill($true)
    $Process.WaitForExit()
}

# Runs a script in a runspace of its own on another thread, with the module imported.
function Start-TestRunspace {
    param([string] $Script, [object[]] $ArgumentList = @())
    $shell = [powershell]::Create()
    # One statement: stopped between two, the engine brings the process down when the shell is then disposed of.
    $null = $shell.AddScript('param($Manifest, $Script, $Values) Import-Module $Manifest; & ([scriptblock]::Create($Script)) @Values')
    $ManifestPath, $Script, $ArgumentList | ForEach-Object -Process { $null = $shell.AddArgument($_) }
    $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
    $nothing = [System.Management.Automation.PSDataCollection[psobject]]::new()
    $nothing.Complete()
    $begin = [powershell].GetMethods().Where({ $_.Name -eq 'BeginInvoke' -and $_.GetParameters().Count -eq 2 })[0]
    $call = $begin.MakeGenericMethod([psobject], [psobject]).Invoke($shell, @($nothing, $output))
    [pscustomobject]@{ Shell = $shell; Output = $output; Call = $call }
}

# Waits for something to come about; liveness only, so the limit is generous.
function Wait-Until {
    param([scriptblock] $Condition, [int] $Seconds = 60)
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Condition)) {
        if ($clock.Elapsed.TotalSeconds -gt $Seconds) {
            throw "Not within $Seconds s: $Condition"
        }
        Start-Sleep -Milliseconds 20
    }
}

# The programs of Linux whose command line matches.
function Get-TestProgram {
    param([string] $Pattern)
    [System.IO.Directory]::GetDirectories('/proc') | Where-Object -FilterScript {
        # A process may end between the look at the directory and the look at the file.
        try { [System.IO.File]::ReadAllText("$_/cmdline").Replace([char] 0, ' ') -match $Pattern } catch { $false }
    }
}

# The program that runs a broker for tests, as the solution's build left it; null where it was not built.
function Find-TestNode {
    Get-ChildItem -Path (Join-Path $PSScriptRoot '../PortMgmt.TestNode/bin/*/net*/PortMgmt.TestNode.dll') -ErrorAction Ignore |
        Sort-Object -Property LastWriteTime -Descending | Select-Object -First 1
}

# A broker of its own on loopback: its process and URL, or the obstacle to one.
function Start-TestBroker {
    $node = Find-TestNode
    if (-not $node) {
        return [pscustomobject]@{ Process = $null; Url = $null; Obstacle = 'PortMgmt.TestNode, which starts the broker, has not been built: dotnet build' }
    }
    $dotnet = Get-Command -Name dotnet -CommandType Application -ErrorAction Ignore | Select-Object -First 1
    if (-not $dotnet) {
        return [pscustomobject]@{ Process = $null; Url = $null; Obstacle = 'dotnet, which runs PortMgmt.TestNode, is not on PATH.' }
    }
    $start = [System.Diagnostics.ProcessStartInfo]::new($dotnet.Path, [string[]] ($node.FullName, 'broker'))
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $line = $process.StandardOutput.ReadLine()
    $isUrl = $line -like 'amqp://*'
    [pscustomobject]@{ Process = $process; Url = $isUrl ? $line : $null; Obstacle = $isUrl ? $null : "No broker can be started: $line" }
}

# Ends it; it removes all that it made.
function Stop-TestBroker {
    param([pscustomobject] $Broker)
    if ($Broker.Process) {
        $Broker.Process.StandardInput.Close()
        $Broker.Process.WaitForExit()
    }
}
