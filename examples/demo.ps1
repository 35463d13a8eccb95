<#
.SYNOPSIS
    Shows both halves of the module at work: leases between processes, and a batch of operations with its metrics.
.DESCRIPTION
    Everything is done by the cmdlets that stand behind the prompts. The registry is a directory of the demo's own, which is
    removed at the end, and no process is left behind.
.EXAMPLE
    dotnet run --project examples/Demo
    Builds the module, starts a PowerShell of the tool manifest, and runs this in it: needs nothing but the .NET SDK.
.EXAMPLE
    ./examples/demo.ps1
    In any PowerShell 7.6 or later, with the module built.
#>
[CmdletBinding()]
param(
    # The operations of the batch.
    [ValidateRange(1, 1000000)]
    [int] $Count = 10000
)

$ErrorActionPreference = 'Stop'
$root = Split-Path -Path $PSScriptRoot
if (-not (Get-Module -Name PortMgmt)) {
    Import-Module -Name (Join-Path $root 'PortMgmt.psd1')
}

# This shell again. As the .NET tool its program is dotnet, with pwsh.dll as the first argument.
$shell = [System.Environment]::ProcessPath
$dll = @(if ($shell -match 'dotnet(\.exe)?$') { "$PSHOME/pwsh.dll" })

# As tables do it: colours are for a terminal.
$isPlain = [System.Console]::IsOutputRedirected -or $env:NO_COLOR
$bold, $cyan, $reset = $isPlain ? ('', '', '') : ($PSStyle.Bold, $PSStyle.Foreground.Cyan, $PSStyle.Reset)

# What is said goes the same way as what is shown, so that both stay in order when they are redirected.
function Write-Step {
    param([string] $Text)
    "$bold$Text$reset"
}

# Shows a command and what it puts out, as if it had been typed. Called with a dot: its variables are those of the script.
function Show-Command {
    param([scriptblock] $Command)
    "${cyan}PS> $("$Command".Trim())$reset"
    $text = (. $Command | Out-String).Trim("`r", "`n")
    if ($text) {
        "$text`n"
    }
}

# Waits for the lease of a shell that has just been started.
function Wait-Lease {
    param([string] $Name, [System.Diagnostics.Process] $Owner)
    while (-not (Get-PortLease -Name $Name -ErrorAction Ignore)) {
        if ($Owner.WaitForExit(50)) {
            throw "The other PowerShell ended with exit code $($Owner.ExitCode)."
        }
    }
}

$registry = Join-Path ([System.IO.Path]::GetTempPath()) "portmgmt-demo-$([guid]::NewGuid().ToString('n'))"
$environment = $env:PORTMGMT_REGISTRY
$env:PORTMGMT_REGISTRY = $registry
$other = $null
try {
    "PowerShell $($PSVersionTable.PSVersion), PortMgmt $((Get-Module -Name PortMgmt).Version), process $PID`n"

    Write-Step 'A lease: a port that nobody else who asks will get, until this process ends.'
    . Show-Command { New-PortLease web }
    $port = (Get-PortLease -Name web).Port

    Write-Step 'A second PowerShell would like the same port, and gets another.'
    $manifest = Join-Path (Get-Module -Name PortMgmt).ModuleBase 'PortMgmt.psd1'
    $request = "New-PortLease api -PreferredPort $port"
    $script = "Import-Module '$($manifest.Replace("'", "''"))'; `$null = $request; Start-Sleep -Seconds 300"
    $other = [System.Diagnostics.Process]::Start($shell, [string[]] ($dll + '-NoProfile', '-NonInteractive', '-Command', $script))
    Wait-Lease -Name api -Owner $other
    "${cyan}[$($other.Id)] PS> $request$reset"
    . Show-Command { Get-PortLease }

    Write-Step 'It is killed, with no time to clean up. Its lease has ended with it, and the next to ask for it gets its port.'
    . Show-Command { $other | Stop-Process -Force -PassThru | Wait-Process }
    . Show-Command { Get-PortLease api }
    . Show-Command { New-PortLease api }

    Write-Step "A batch of $('{0:N0}' -f $Count) operations, of which every thousandth fails."
    $null = New-Daemon demo
    . Show-Command ([scriptblock]::Create("`$results = 1..$Count | Start-OperationBatch -Daemon demo { if (`$_ % 1000 -eq 0) { throw 'too round' } `$_ * 2 }"))
    . Show-Command { $results | Group-Object Status -NoElement }
    . Show-Command { $results | Where-Object Status -EQ Failed | Select-Object -First 3 }

    Write-Step 'Its metrics: every wait and every run is in a histogram, so the percentiles are true.'
    . Show-Command { Get-DaemonMetrics demo }
}
finally {
    if ($other) {
        $other.Kill()
        $other.WaitForExit()
    }
    Remove-Daemon -Name demo -ErrorAction Ignore
    Get-PortLease -ErrorAction Ignore | Remove-PortLease -ErrorAction Ignore
    $env:PORTMGMT_REGISTRY = $environment
    Remove-Item -Path $registry -Recurse -Force -ErrorAction Ignore
}

Write-Step 'To go on by hand:'
@"
    dotnet pwsh                                     in $root
    Import-Module ./PortMgmt.psd1
    New-PortLease web
    Get-Help New-PortLease -Examples; Get-Help about_PortMgmt
"@
