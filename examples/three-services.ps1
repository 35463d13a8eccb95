<#
.SYNOPSIS
    Starts three services that find each other by the names of their leases.
.DESCRIPTION
    web uses api, and api uses db. None is told a port: each leases its own and looks up the one it needs. When they are
    killed their leases end with them, and nobody cleans up.
.EXAMPLE
    ./examples/three-services.ps1
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
if (-not (Get-Module -Name PortMgmt)) {
    Import-Module -Name (Join-Path $PSScriptRoot '../PortMgmt.psd1')
}

# Waits until a service has its lease and listens.
function Wait-Service {
    param([string] $Name, [int] $Seconds = 60)
    $deadline = [datetime]::UtcNow.AddSeconds($Seconds)
    while (-not ($lease = Get-PortLease -Name $Name -State Active -ErrorAction Ignore)) {
        if ([datetime]::UtcNow -gt $deadline) {
            throw "There is no service '$Name' after $Seconds s."
        }
        Start-Sleep -Milliseconds 100
    }
    Wait-Port -Port $lease.Port -Timeout $Seconds
    $lease
}

# This shell again. As the .NET tool its program is dotnet, with pwsh.dll as the first argument.
$shell = [System.Environment]::ProcessPath
$dll = @(if ($shell -match 'dotnet(\.exe)?$') { "$PSHOME/pwsh.dll" })

$module = Join-Path (Get-Module -Name PortMgmt).ModuleBase PortMgmt.psd1
$script = Join-Path $PSScriptRoot 'services/greeter.ps1'
$services = foreach ($service in @{ Name = 'web'; Uses = 'api' }, @{ Name = 'api'; Uses = 'db' }, @{ Name = 'db'; Uses = '' }) {
    $arguments = $dll + '-NoProfile', '-File', $script, '-Name', $service.Name, '-Module', $module
    if ($service.Uses) {
        $arguments += '-Uses', $service.Uses
    }
    [System.Diagnostics.Process]::Start($shell, [string[]] $arguments)
}
try {
    $web, $api, $db = 'web', 'api', 'db' | ForEach-Object -Process { Wait-Service -Name $_ }
    $client = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $web.Port)
    $answer = [System.IO.StreamReader]::new($client.GetStream()).ReadLine()
    $client.Dispose()
    [pscustomobject]@{ Answer = $answer; Web = $web.Port; Api = $api.Port; Db = $db.Port }
}
finally {
    $services | Stop-Process -Force
    $services | Wait-Process
}
